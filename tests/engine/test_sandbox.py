"""The life of sandboxes, with the real engine and an embedded cluster for each.

The tests go on from each other: a life has an order.
"""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from devkit.cluster import Cluster
from devkit.patience import wait_until
from devkit.workspace import Workspace
from rendering.engine import ROOT
from sandbox.embedded import Embedded
from sandbox.marks import Marks
from sandbox.reaper import Verdict
from tests.support.reaped import reaped

pytestmark = pytest.mark.engine

_SITE_FILE = Path(__file__).parent / "sites" / "sandbox.yaml"
_HALF = 20
"""Resources in a state that is neither at its beginning nor at its end."""


@dataclass(frozen=True)
class Command:
    """The command line, with everything in one folder."""

    home: Path

    @property
    def ground(self) -> Embedded:
        """What the command works on."""
        cache = Workspace.from_environment().cache
        return Embedded(Workspace(ROOT, ROOT, self.home, cache))

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command in a process group of its own."""
        return subprocess.Popen(  # noqa: S603 -- this Python
            [sys.executable, "-m", "sandbox", f"--site-file={_SITE_FILE}", *arguments],
            cwd=ROOT,
            env={**os.environ, "EFD_SANDBOX_DIR": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a command to its end."""
        process = self.begin(*arguments)
        said, _ = process.communicate(timeout=240)
        assert process.returncode == code, said
        return said

    def listed(self) -> dict[str, dict[str, Any]]:
        """Return what `list` says, by name."""
        return {each["name"]: each for each in json.loads(self.run("list", "--json"))}

    def namespaces(self, name: str) -> dict[str, str]:
        """Return the identities of a sandbox's namespaces."""
        said = self.ground.kubectl(_marks(name), ["get", "namespaces", "-o", "json"])
        return {n["metadata"]["name"]: n["metadata"]["uid"] for n in json.loads(said)["items"]}

    def resources(self, name: str) -> int:
        """Return how many resources the state of a sandbox has by now."""
        state = self.home / f"state/.pulumi/stacks/efd/sandbox-{name}.json"
        try:
            latest = json.loads(state.read_text())["checkpoint"].get("latest")
        except (FileNotFoundError, ValueError):  # not there yet, or being written
            return 0
        return len((latest or {}).get("resources") or [])

    def kill_half_way(self, name: str) -> None:
        """Start to make a sandbox, and kill every process of that in the middle of it."""
        process = self.begin("create", name, "--ttl=1h")
        assert wait_until(lambda: self.resources(name) > _HALF, 120, 0.1), "it never got half-way"
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def reap(self, *, after: timedelta, patience: float = 60) -> dict[str, Verdict]:
        """Reap as if it were later."""
        return reaped(self.ground, after, patience)


def _marks(name: str) -> Marks:
    return Marks(name=name, owner="", end=datetime.now(UTC))


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """Two sandboxes, made at the same time."""
    ours = Command(tmp_path_factory.mktemp("sandboxes"))
    both = [ours.begin("create", name, "--ttl=1h", "--owner=tester") for name in ("one", "two")]
    try:
        for process in both:
            said, _ = process.communicate(timeout=240)
            assert process.returncode == 0, said
        yield ours
    finally:
        for folder in (ours.home / "clusters").glob("*"):
            Cluster(folder.name, folder, Path()).stop()


def test_two_sandboxes_have_nothing_in_common(command: Command) -> None:
    one, two = (command.ground.engine.outputs(f"sandbox-{name}") for name in ("one", "two"))
    assert one["influxdbUrl"] == "https://influxdb-one.example.org"
    assert set(one["dnsRecords"]) & set(two["dnsRecords"]) == set()
    assert (
        set(command.namespaces("one").values()) & set(command.namespaces("two").values()) == set()
    )
    assert {name: each["state"] for name, each in command.listed().items()} == {
        "one": "alive",
        "two": "alive",
    }
    for name in ("one", "two"):
        get = ["get", "secret", "tls-certs", "--namespace=cp-helm-charts", "-o", "json"]
        secret = json.loads(command.ground.kubectl(_marks(name), get))
        chain = x509.load_pem_x509_certificates(base64.b64decode(secret["data"]["tls.crt"]))
        names = chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert f"kafka-0-{name}.example.org" in names.get_values_for_type(x509.DNSName)
    assert {each["owner"] for each in command.listed().values()} == {"tester"}


def test_an_extension_is_marked_in_the_state_and_on_the_cluster(command: Command) -> None:
    before = command.namespaces("two")
    command.run("extend", "two", "--ttl=3h")
    (labels,) = [c.labels for c in command.ground.cloud.clusters() if c.name.endswith("-two")]
    tags = command.ground.engine.tags("sandbox-two")
    in_state, on_cluster = Marks.of_tags("sandbox-two", tags), Marks.of_labels(labels)
    assert in_state is not None
    assert in_state == on_cluster
    assert in_state.end > datetime.now(UTC) + timedelta(hours=2)
    assert command.namespaces("two") == before, "nothing was made anew"


def test_before_its_end_nothing_is_touched(command: Command) -> None:
    before = {name: command.namespaces(name) for name in ("one", "two")}
    assert "alive" in command.run("reap")
    verdicts = command.reap(after=timedelta(minutes=61))
    assert {v.state for v in verdicts.values()} == {"alive"}, "this clock may be a little ahead"
    assert {name: command.namespaces(name) for name in before} == before


def test_a_creation_that_was_killed_is_continued(command: Command) -> None:
    command.kill_half_way("three")
    end = command.listed()["three"]["end"]
    said = command.run("create", "three", "--ttl=2h")
    assert "going on from there" in said
    assert "0 of them not ready" in said
    assert "no record was sent" in said
    assert command.listed()["three"]["end"] == end, "the promise that was made first"


def test_half_a_sandbox_is_destroyed(command: Command) -> None:
    command.kill_half_way("four")
    command.run("destroy", "four")
    assert "four" not in command.listed()
    assert not (command.home / "clusters" / "sandbox-four").exists()
    assert "nothing is left" in command.run("destroy", "four"), "and once more"


def test_what_lacks_one_of_both_marks_is_not_touched(command: Command) -> None:
    labels = command.home / "clusters" / "sandbox-three" / "labels.json"
    before = labels.read_text()
    labels.write_text("{}")
    verdicts = command.reap(after=timedelta(hours=2))
    assert verdicts["three"].state == "kept"
    assert command.namespaces("three"), "still there"
    labels.write_text(before)
    assert verdicts["one"].state == "removed", "its hour and more had passed"
    assert verdicts["two"].state == "alive", "its end was put off"


def test_two_reapers_at_once_remove_all_that_has_ended(command: Command) -> None:
    """One cannot end in order: nobody removes the finalizer of a namespace of it."""
    finalizer = json.dumps({"metadata": {"finalizers": ["example.org/nobody"]}})
    patch = ["patch", "namespace", "influxdb", "--type=merge", f"--patch={finalizer}"]
    command.ground.kubectl(_marks("two"), patch)
    command.ground.engine.program.run(
        ["stack", "rm", "--yes", "--force", "--preserve-config", "--stack", "sandbox-three"]
    )
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        reapers = [
            pool.submit(command.reap, after=timedelta(hours=4), patience=12) for _ in range(2)
        ]
        found = [reaper.result() for reaper in reapers]
    assert time.monotonic() - began < 150
    for name in ("two", "three"):
        states = {verdicts[name].state for verdicts in found if name in verdicts}
        assert "removed" in states, found
        assert states <= {"removed", "busy"}, found
    told = " ".join(verdicts["two"].told for verdicts in found if "two" in verdicts)
    assert "objects went with their cluster" in told
    assert any("its state is lost" in v["three"].told for v in found if "three" in v)
    assert command.ground.cloud.clusters() == []
    assert command.ground.engine.stacks() == []
    assert command.reap(after=timedelta(hours=4)) == {}, "and again"
