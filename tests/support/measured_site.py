"""A site in small, of real parts on loopback, measured by a real Telegraf into a real InfluxDB.

A broker and a Connect worker with the exporter and its rules, a connector with its manager, what
tells the room of a store, what sinks wait for, InfluxDB, and Telegraf twice: that of the site and
that of a node. Only pods' names and addresses are others.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from devkit.images.artifact import ensure_artifact
from devkit.workspace import Workspace
from efd_infra.artifacts import read_artifact
from efd_infra.config import versions
from efd_infra.config.cluster import Storage
from efd_infra.config.contract import ServiceAddress
from efd_infra.config.identifier import Identifier
from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.monitoring import MonitoringSection, NodesSection
from efd_infra.config.timeseries import DatabaseSection, InfluxDbSection
from efd_infra.config.values import Duration, Hostname, Quantity
from efd_infra.manifests.connectors import error_settings
from efd_infra.manifests.service_users import CONNECT
from efd_infra.manifests.telegraf import telegraf_conf
from efd_infra.manifests.telegraf_nodes import NODE_VARIABLE, node_conf
from rendering.engine import ROOT
from tests.support.connect_worker import worker
from tests.support.connector_manager import manager
from tests.support.file_sink import SECTION, Cluster, Sink
from tests.support.influx_server import InfluxServer, influx_server
from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_server import Java, broker
from tests.support.loopback import free_port
from tests.support.telegraf_process import telegraf

TOPICS = 1000
"""As many as the observatory has."""
INFLUXDB = InfluxDbSection(
    host=Hostname("influxdb.example.org"), storage=Storage(size=Quantity("1Gi"))
)
_NAMES = [f"lsst.sal.Test.topic{number}" for number in range(TOPICS)]
_MONITORING = MonitoringSection(interval=Duration("2s"))
_USERS = (
    InfluxDbUser(name="admin", admin=True),
    InfluxDbUser(name="telegraf", grants={"telegraf": "WRITE"}),
)
_ARTIFACTS = ROOT / "efd_infra" / "artifacts"


@dataclass(frozen=True)
class MeasuredSite:
    """Where its metrics are."""

    influxdb: InfluxServer
    log: Path
    """What the site's Telegraf says."""


@contextmanager
def measured_site(folder: Path) -> Iterator[MeasuredSite]:
    """Run all parts, and let them be measured."""
    with ExitStack() as parts:
        server = parts.enter_context(influx_server(folder / "influxdb", INFLUXDB))
        databases = [DatabaseSection(name=Identifier(name)) for name in ("efd", "telegraf")]
        assert server.set_up(_USERS, databases).returncode == 0
        brokers, workers = _java(folder / "kafka", "kafka"), _java(folder / "connect", "connect")
        kafka = parts.enter_context(broker(brokers.java, CONNECT))
        _fill(kafka.bootstrap)
        connect = parts.enter_context(worker(workers.java, kafka.login, Quantity("10Mi")))
        (folder / "manager").mkdir()
        additions = error_settings(SECTION, replication_factor=1)
        managers = parts.enter_context(
            manager(folder / "manager", connect.url, SECTION.name, additions)
        )
        sink = Sink(",".join(_NAMES), folder, Cluster(kafka.bootstrap, connect), managers)
        companions = [parts.enter_context(program) for program in _companions(folder)]
        for name in ("username", "password"):
            text = server.password("telegraf") if name == "password" else "telegraf"
            (folder / name).write_text(text, encoding="utf-8")
        settings = telegraf_conf(
            _MONITORING,
            influxdb_url=server.url,
            brokers=[f"http://127.0.0.1:{brokers.port}/metrics"],
            scraped=[
                ServiceAddress("0.0.1", "127", port)
                for port in (workers.port, managers.port, *companions)
            ],
            names=(),
            credentials_dir=str(folder),
        )
        log = parts.enter_context(telegraf(folder / "manager", settings, {}))
        (folder / "node").mkdir()
        settings = node_conf(
            _MONITORING,
            NodesSection().resources,
            influxdb_url=server.url,
            credentials_dir=str(folder),
        )
        parts.enter_context(telegraf(folder / "node", settings, {NODE_VARIABLE: "node-1"}))
        # Last: the most of a figure is no number when nothing has happened for a minute.
        managers.wants(sink.config)
        sink.runs()
        yield MeasuredSite(server, log)


@dataclass(frozen=True)
class _Exported:
    java: Java
    port: int
    """Of the exporter."""


def _java(folder: Path, rules: str) -> _Exported:
    folder.mkdir()
    name = versions.JMX_EXPORTER_URL.rpartition("/")[2].removesuffix(".jar")
    artifact, _, version = name.rpartition("-")
    jar = ensure_artifact(
        Workspace.from_environment().cache,
        f"io.prometheus.jmx:{artifact}:{version}",
        versions.JMX_EXPORTER_SHA256,
    )
    file, port = folder / "rules.yaml", free_port()
    file.write_text(read_artifact(f"jmx/{rules}.yaml"), encoding="utf-8")
    return _Exported(Java(folder, kafka_libs(), (f"-javaagent:{jar}={port}:{file}",)), port)


def _fill(bootstrap: str) -> None:
    """Make as many topics as a site has, with a record in each."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    made = admin.create_topics([NewTopic(name, 1, 1) for name in _NAMES], request_timeout=120)
    for done in made.values():
        done.result(timeout=120)
    producer = Producer({"bootstrap.servers": bootstrap})
    for name in _NAMES:
        producer.produce(name, b'{"a":1}')
    assert producer.flush(120) == 0


@contextmanager
def _program(script: Path, environ: dict[str, str]) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 -- the artifact under test
        [sys.executable, str(script)],
        env={"PATH": os.environ["PATH"], **environ, "PORT": str(port)},
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def _companions(folder: Path) -> list[AbstractContextManager[int]]:
    """Return what tells the room of a store, and what waits for schemas."""
    room = {"STORE": str(folder), "CLAIM": "data-{pod}"}
    registry = {"REGISTRY_URL": "http://127.0.0.1:1", "UNKNOWN_SCHEMA": "inf", "OVERDUE": "300"}
    return [
        _program(_ARTIFACTS / "store/room.py", room),
        _program(_ARTIFACTS / "connect/schemas.py", registry),
    ]
