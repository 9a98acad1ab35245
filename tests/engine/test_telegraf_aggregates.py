"""A real Telegraf writes aggregates as the sink of a site has it: names, tags, and whose schemas.

Broker, companion, Telegraf and InfluxDB are real, with the program's settings and rights; the
registry's two answers are a stand-in's.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import fastavro
import pytest
from confluent_kafka import Producer

from devkit.images import store
from devkit.images.telegraf import PROGRAM
from devkit.traffic.framing import frame
from devkit.workspace import Workspace
from efd_infra.config.identifier import Identifier
from efd_infra.config.influxdb_user import influxdb_users
from efd_infra.config.parsing import parse_site
from efd_infra.config.timeseries import DatabaseSection
from efd_infra.config.values import Quantity
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.kafka_users import user_rules
from efd_infra.manifests.service_users import service_users, sink_user
from efd_infra.manifests.telegraf import HEALTH_PORT
from efd_infra.manifests.telegraf_sink import COMPANION_PORT, consumer_conf, sink_conf
from rendering.engine import ROOT
from tests.support.full_site import full_site
from tests.support.influx_server import InfluxServer, influx_server
from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_server import Java, broker, wait, write_login
from tests.support.loopback import free_port, serving

pytestmark = pytest.mark.engine

SITE = parse_site(full_site())
(SINK,) = [sink for sink in SITE.streaming.reading if sink.aggregated]
TOPIC, EXCLUDED = "lsst.sal.HVAC.chiller-aggregated", "lsst.sal.HEX.pose-aggregated"
RAW = "lsst.sal.HVAC.chiller"
SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "chiller_aggregated",
    "namespace": "lsst.sal.HVAC",
    "fields": [
        {"name": "time", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "private_efdStamp", "type": "double"},
        {"name": "count", "type": "long"},
        {"name": "window_size", "type": "double"},
        {"name": "salIndex", "type": "int"},
        {"name": "mean_flow", "type": "double"},
        {"name": "mean_level", "type": ["null", "double"], "default": None},
        *(
            {
                "name": f"{statistic}_valve",
                "type": ["null", {"type": "array", "items": "double"}],
                "default": None,
            }
            for statistic in ("min", "stdev")
        ),
    ],
}
BEGAN = 1_795_000_000
PASSWORD = "without-blanks"  # noqa: S105 -- of a server on loopback
"""A token of the 2.x API can have none; generated passwords have none either."""


def _record(instance: int) -> bytes:
    out = io.BytesIO()
    record = {
        "time": BEGAN * 1000,
        "private_efdStamp": float(BEGAN),
        "count": 20,
        "window_size": 1.0,
        "salIndex": instance,
        "mean_flow": 2.5 * instance,
        "mean_level": 0.5,
        "min_valve": [1.0 * instance, 3.0],
        "stdev_valve": None,
    }
    fastavro.schemaless_writer(out, fastavro.parse_schema(SCHEMA), record)
    return frame(7) + out.getvalue()


class _Registry(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.path == "/schemas/ids/7"
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"schema": json.dumps(SCHEMA)}).encode() if known else b"{}")


@contextmanager
def _process(argv: list[str], environ: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 -- ours
            argv,
            env={"PATH": os.environ["PATH"], **environ},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    """What the sink wrote of records that are there before it starts."""
    folder = tmp_path_factory.mktemp("sink")
    with ExitStack() as parts:
        server = parts.enter_context(influx_server(folder / "influxdb", SITE.timeseries.influxdb))
        names = SITE.timeseries.influxdb.database_names
        databases = [DatabaseSection(name=Identifier(name)) for name in names]
        users = [*influxdb_users(SITE).values()]
        assert server.set_up(users, databases, efdwriter=PASSWORD).returncode == 0
        registry = parts.enter_context(serving(_Registry))
        (folder / "kafka").mkdir()
        user = next(s.user for s in service_users(SITE) if s.user.name == sink_user(SINK))
        login = write_login(folder / "login", user.name)
        java = Java(folder / "kafka", kafka_libs())
        kafka = parts.enter_context(broker(java, user.name, user_rules([user]).splitlines()))
        producer = Producer({"bootstrap.servers": kafka.bootstrap})
        for topic in (TOPIC, EXCLUDED, RAW):
            for instance in (1, 2):
                producer.produce(topic, _record(instance), key="x")
        assert producer.flush(60) == 0
        _sink(
            folder,
            parts,
            {"registry": registry, "login": str(login), "brokers": kafka.login},
            server,
        )
        wait(lambda: bool(_series(server)), "points")
        yield server


def _sink(folder: Path, parts: ExitStack, where: dict[str, str], server: InfluxServer) -> None:
    """Run the companion and Telegraf of one pod."""
    port, pod = free_port(), folder / "pod"
    pod.mkdir()
    (pod / "username").write_text("efdwriter")
    (pod / "password").write_text(PASSWORD)
    consumer = consumer_conf(SINK, bootstrap=where["brokers"], max_message=Quantity("10Mi"))
    (pod / "template").write_text(consumer.replace(f":{COMPANION_PORT}", f":{port}"))
    text = sink_conf(SINK, influxdb_url=server.url, credentials_dir=str(pod))
    text = text.replace(LOGIN_DIR, where["login"])
    text = text.replace(f"http://:{HEALTH_PORT}", f"http://127.0.0.1:{free_port()}")
    (pod / "telegraf.conf").write_text(text)
    environ = {
        "BOOTSTRAP": where["brokers"],
        "LOGIN_DIR": where["login"],
        "REGISTRY_URL": where["registry"],
        "TOPICS": SINK.topics,
        "EXCLUDED_TOPICS": str(SINK.excluded),
        "CHECK_INTERVAL": "1",
        "TEMPLATE": str(pod / "template"),
        "TARGET": str(pod / "consumer.conf"),
        "PORT": str(port),
        "OVERDUE": "300",
    }
    companion = [sys.executable, str(ROOT / "efd_infra/artifacts/telegraf/topics.py")]
    parts.enter_context(_process(companion, environ, pod / "companion.log"))
    wait((pod / "consumer.conf").exists, "the consumer's settings")
    program = store.unpacked(Workspace.from_environment().cache, PROGRAM) / "usr/bin/telegraf"
    files = [pod / "telegraf.conf", pod / "consumer.conf"]
    configs = [argument for file in files for argument in ("--config", str(file))]
    argv = [str(program), "--strict-env-handling", *configs]
    parts.enter_context(_process(argv, {}, pod / "telegraf.log"))


def _series(server: InfluxServer) -> list[dict[str, Any]]:
    return server.ask(f'SELECT * FROM "{TOPIC}" GROUP BY *', SINK.database)  # noqa: S608 -- ours


def test_the_measurement_is_the_topic_and_instances_are_told_apart(database: InfluxServer) -> None:
    """Their windows begin at one time: without a tag one would overwrite the other."""
    wait(lambda: len(_series(database)) == 2, "both instances")
    found = {series["tags"]["salIndex"]: series for series in _series(database)}
    assert set(found) == {"1", "2"}
    for instance, series in found.items():
        (row,) = series["values"]
        assert dict(zip(series["columns"], row, strict=True)) == {
            "time": BEGAN * 10**9,
            "count": 20,
            "mean_flow": 2.5 * int(instance),
            "mean_level": 0.5,
            "min_valve0": 1.0 * int(instance),
            "min_valve1": 3.0,
            "private_efdStamp": float(BEGAN),
            "window_size": 1.0,
        }


def test_nothing_else_is_written(database: InfluxServer) -> None:
    """Neither the records themselves nor what the site leaves out."""
    wait(lambda: len(_series(database)) == 2, "both instances")
    (measurements,) = database.ask("SHOW MEASUREMENTS", SINK.database)
    assert measurements["values"] == [[TOPIC]]
