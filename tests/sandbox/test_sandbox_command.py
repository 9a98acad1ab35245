"""The command line of sandboxes, as far as it goes without a cluster."""

import socket
import sys
from pathlib import Path

import pytest
import yaml

from efd_infra.config.parsing import parse_site
from rendering.engine import ROOT
from sandbox import tables
from sandbox.__main__ import ground_of, main
from sandbox.embedded import Embedded
from sandbox.errors import SandboxError
from sandbox.gke import Gke
from sandbox.program import LockedError, Program, UnknownStackError
from tests.support.cloud_site import cloud_site
from tests.support.full_site import full_site


def _file(folder: Path, site: object) -> str:
    path = folder / "Pulumi.common.yaml"
    path.write_text(yaml.safe_dump({"config": {"efd:site": site}}))
    return f"--site-file={path}"


def _program(folder: Path, script: str) -> Program:
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Program(ROOT, {"PATH": str(folder)})


@pytest.mark.parametrize("name", ["A", "a-b", "1a", "", "a" * 17, "a.b"])
def test_a_name_that_could_be_mistaken_is_refused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["create", name])
    assert ended.value.code == 2
    assert "at most 15 letters and digits" in capsys.readouterr().err


def test_a_length_that_is_no_time_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["create", "a", "--ttl=8"])
    assert "such as 72h" in capsys.readouterr().err


def test_a_missing_site_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"--site-file={tmp_path / 'x.yaml'}", "list"]) == 1
    assert "there is no site file" in capsys.readouterr().err


def test_the_environment_may_name_another_site_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    monkeypatch.setenv("EFD_SANDBOX_SITE_FILE", "docs/examples/cloud/Pulumi.cloud.yaml")
    assert main(["list"]) == 2
    assert "PULUMI_BACKEND_URL is not set" in capsys.readouterr().err, "as in the cloud"
    assert main([f"--site-file={tmp_path / 'x.yaml'}", "list"]) == 1


def test_where_states_are_must_be_said_for_the_cloud(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    assert main([_file(tmp_path, cloud_site()), "list"]) == 2
    assert "PULUMI_BACKEND_URL is not set" in capsys.readouterr().err


def test_the_site_file_says_where_sandboxes_are(tmp_path: Path) -> None:
    environ = {"EFD_SANDBOX_DIR": str(tmp_path)}
    assert isinstance(ground_of(full_site(), environ), Embedded)
    ground = ground_of(cloud_site(), environ)
    assert isinstance(ground, Gke)
    assert ground.project == "example-project"


def test_costs_are_told_before_anything_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    tables.costs(parse_site(cloud_site()), 8, sys.stdout)
    said = capsys.readouterr().out
    assert "5 nodes e2-standard-8, spot" in said
    assert "at most; 6.44 in 8 hours" in said
    assert "An estimate from list prices" in said
    tables.costs(parse_site(full_site()), 8, sys.stdout)
    assert "costs nothing" in capsys.readouterr().out


def test_a_producer_outside_is_told_how_to_get_in(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = {
        "influxdbUrl": "https://influxdb-a.example.org",
        "kafkaBootstrap": "inside:9092",
        "kafkaExternalBootstrap": "kafka-a.example.org:9094",
        "kafkaExternalBrokers": ["kafka-0-a.example.org:9094", "kafka-1-a.example.org:9094"],
        "kafkaExternalAddresses": ["192.0.2.1", "192.0.2.2"],
    }
    tables.addresses(outputs, "sandbox-a", Path("/x/ca.crt"), sys.stdout)
    said = capsys.readouterr().out
    assert "bootstrap.servers=kafka-a.example.org:9094" in said
    assert "ssl.ca.location=/x/ca.crt" in said
    assert "192.0.2.2 kafka-1-a.example.org" in said
    tables.addresses({"kafkaBootstrap": "inside:9092"}, "sandbox-a", None, sys.stdout)
    assert "a producer must be a pod of the cluster" in capsys.readouterr().out


def test_a_lock_of_a_process_that_is_no_more_is_known(tmp_path: Path) -> None:
    here = socket.gethostname()
    said = f"error: the stack is currently locked by 1 lock(s).\n  x: created by root@{here}"
    dead = _program(tmp_path, f'echo "{said} (pid 999999999) at 2030-01-01" >&2; exit 255')
    with pytest.raises(LockedError) as error:
        dead.run(["up"])
    assert error.value.is_dead()
    far = _program(tmp_path, 'echo "currently locked: created by a@far (pid 1) at x" >&2; exit 1')
    with pytest.raises(LockedError) as error:
        far.run(["up"])
    assert not error.value.is_dead(), "nobody here knows"


def test_what_pulumi_says_is_told(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="pulumi stack ls failed: error: no access"):
        _program(tmp_path, 'echo "error: no access" >&2; exit 1').run(["stack", "ls"])
    with pytest.raises(UnknownStackError):
        _program(tmp_path, "echo \"error: no stack named 'x' found\" >&2; exit 1").run(["stack"])


def test_an_engine_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    slow = _program(tmp_path, "exec /bin/sleep 60")
    with pytest.raises(SandboxError, match="pulumi destroy took more than 0 s"):
        slow.show(["destroy"], 0.2)
