"""The generator of a connector's configuration: ``kafkaconnect`` itself, at a real broker."""

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from devkit import images
from devkit.images import connect_manager
from devkit.workspace import Workspace
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Name, TopicPattern
from efd_infra.manifests.connectors import error_settings, influxdb_sink_environment
from efd_infra.manifests.service_users import CONNECT_MANAGER
from tests.support.connector_manager import PROGRAMS, program
from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_server import PASSWORD, Broker, Java, broker, write_login

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the image has Python 3.11"),
]

ATAOS, ATDOME = "lsst.sal.ATAOS.summary", "lsst.sal.ATDome.summary"
OTHERS = ("lsst.sal.Hid.den", "lsstXsal.ATAOS.summary", "old.lsst.sal.ATAOS", "_schemas")
SINK = InfluxDbSinkSection(
    name=Name("influxdb-sink"),
    topics=TopicPattern(r"lsst\.sal\.\w+\.\w+"),
    excluded=TopicPattern(r"lsst\.sal\.Hid\..*"),
    tasks=10,
)


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with broker(Java(tmp_path_factory.mktemp("broker"), kafka_libs()), CONNECT_MANAGER) as here:
        client = AdminClient({"bootstrap.servers": here.bootstrap})
        for made in client.create_topics(
            [NewTopic(t, 1, 1) for t in (ATAOS, ATDOME, *OTHERS)]
        ).values():
            made.result()
        yield here


def _environment(bootstrap: str, folder: Path) -> dict[str, str]:
    files = images.unpacked(Workspace.from_environment().cache, connect_manager.MANAGER)
    return {
        **influxdb_sink_environment(
            SINK,
            bootstrap=bootstrap,
            connect_url="http://127.0.0.1:1",
            influxdb_url="http://influxdb:8086",
        ),
        "LOGIN_DIR": str(write_login(folder / "login", CONNECT_MANAGER)),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{files}/usr/lib/python3/dist-packages",
    }


def _start(environ: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 -- the artifact under test
        [sys.executable, str(PROGRAMS / "generate.py")],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _config(said: str) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(said[said.index("{\n") :])
    return config


def test_whole_names_of_topics_are_taken(brokers: Broker, tmp_path: Path) -> None:
    """Patterns were anchored at their beginning only, and dots meant anything (domain.md 3.10)."""
    with _start(_environment(brokers.login, tmp_path)) as process:
        said, _ = process.communicate()
    config = _config(said)
    assert config["topics"] == f"{ATAOS},{ATDOME}"
    assert re.findall(r"INSERT INTO (\S+) ", config["connect.influx.kcql"]) == [ATAOS, ATDOME]


def test_it_logs_in_and_no_other_process_can_read_how(brokers: Broker, tmp_path: Path) -> None:
    """``kafkaconnect`` would take the password from its command line or its environment."""
    with _start(_environment(brokers.login, tmp_path)) as process:
        shown = b""
        with contextlib.suppress(ProcessLookupError):  # it ends when it likes
            while process.poll() is None:
                for file in ("cmdline", "environ"):
                    shown += (Path("/proc") / str(process.pid) / file).read_bytes()
        said, errors = process.communicate()
    assert _config(said)["topics"] == f"{ATAOS},{ATDOME}", errors
    assert str(tmp_path).encode() in shown
    assert PASSWORD.encode() not in shown


def test_the_size_of_twelve_hundred_topics_is_known(tmp_path: Path) -> None:
    """A clause per topic: hundreds of kB, where Kafka's own limit is 1 MiB (domain.md 3.10)."""
    topics = [f"lsst.sal.MTHexapod{number:04}.logevent_summaryState" for number in range(1200)]
    environ = _environment("127.0.0.1:1", tmp_path)
    done = subprocess.run(  # noqa: S603 -- the package under test
        [
            sys.executable,
            "-c",
            "from kafkaconnect.cli import main; main()",
            "create",
            "influxdb-sink",
            "--dry-run",
            *topics,
        ],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    calculate = program()
    added = calculate.as_text(json.loads(error_settings(SINK, replication_factor=3)))
    config = {**calculate.as_text(_config(done.stdout)), **added}
    size = calculate.largest_record(config)
    assert len(json.dumps(config).encode()) < size < 2**20 // 2
    per_topic = size / len(topics)
    assert 2**20 / per_topic < 5000, "so many topics break the limit of 1 MiB"
    for limit, refused in ((size, False), (size - 1, True)):
        workers = calculate.Workers("http://127.0.0.1:1", SINK.name)
        manager = calculate.Manager(workers, lambda: config, limit)
        manager.look()
        told = f"refused: with 1200 topics the largest record of the configuration has {size} bytes"
        assert manager.trouble.startswith(told) is refused


def test_brokers_that_do_not_answer_are_no_empty_list(tmp_path: Path) -> None:
    """An empty list would leave a connector as it is, and say that all is well."""
    generate = program().generate
    environ = _environment("127.0.0.1:1", tmp_path)
    script = tmp_path / "generate.sh"
    script.write_text(
        "#!/bin/sh\n"
        + "".join(f"export {key}='{value}'\n" for key, value in environ.items())
        + f"exec {sys.executable} {PROGRAMS / 'generate.py'}\n"
    )
    with pytest.raises(Exception, match=r"the configuration cannot be made: .*TRANSPORT"):
        generate(["/bin/sh", str(script)], {})
