"""Topics and schemas of a lost cluster, put back at a real broker with the program's rights."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from efd_infra.artifacts.backup import copies
from efd_infra.artifacts.backup.folder import Folder
from efd_infra.artifacts.backup.services import services
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.kafka_users import user_rules
from efd_infra.manifests.service_users import BACKUP, RESTORE, service_users
from tests.support.backup_pods import ARTIFACTS
from tests.support.full_site import full_site
from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_server import Broker, Java, broker, write_login

pytestmark = pytest.mark.engine

SCHEMAS, AGGREGATED = "_schemas", "_aggregated-schemas"
COMPACTED = {"cleanup.policy": "compact"}
TELEMETRY = "lsst.sal.ATAOS.summary"
_OLD, _NEW = (b'{"id":1,"schema":"%s","subject":"a"}' % each for each in (b"1", b"2"))
_BYTES = b"\xff\x00{}"


@dataclass(frozen=True)
class Cluster:
    """A broker, and what a pod of the backup is told about it."""

    broker: Broker
    told: dict[str, str]

    @property
    def admin(self) -> AdminClient:
        """Somebody who may do everything."""
        return AdminClient({"bootstrap.servers": self.broker.bootstrap})

    def topics(self) -> dict[str, int]:
        """Return the partitions of each topic that is not Kafka's own."""
        found = self.admin.list_topics(timeout=30).topics
        return {n: len(t.partitions) for n, t in found.items() if not n.startswith("__")}

    def write(
        self, records: list[tuple[bytes, bytes | None, dict[str, bytes]]], topic: str = SCHEMAS
    ) -> None:
        """Append to the storage of a registry."""
        producer = Producer({"bootstrap.servers": self.broker.bootstrap})
        for key, value, headers in records:
            producer.produce(topic, key=key, value=value, headers=list(headers.items()))
        assert producer.flush(30) == 0

    def read(self, topic: str = SCHEMAS) -> list[tuple[Any, ...]]:
        """Return what the storage of a registry holds."""
        settings = {"bootstrap.servers": self.broker.bootstrap, "group.id": "test"}
        consumer = Consumer(settings)
        consumer.assign([TopicPartition(topic, 0, 0)])
        _, end = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=30)
        found = [consumer.consume(1, timeout=30)[0] for _ in range(end)]
        consumer.close()
        return [(m.key(), m.value(), m.headers()) for m in found]


@contextmanager
def _cluster(folder: Path, user: str) -> Iterator[Cluster]:
    """Run a broker at which ``user`` may do what the program allows it."""
    (service,) = [s.user for s in service_users(parse_site(full_site())) if s.user.name == user]
    folder.mkdir()
    login = write_login(folder / "login", user)
    rules = user_rules([service]).splitlines()
    with broker(Java(folder, kafka_libs()), user, rules) as here:
        told = {
            "BOOTSTRAP": here.login,
            "LOGIN_DIR": str(login),
            "SCHEMAS_TOPIC": SCHEMAS,
            "AGGREGATED_SCHEMAS_TOPIC": AGGREGATED,
        }
        yield Cluster(here, told)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a cluster that is gone."""
    folder = tmp_path_factory.mktemp("source")
    with _cluster(folder / "cluster", BACKUP) as source:
        new = [
            NewTopic(SCHEMAS, 1, 1, config=COMPACTED),
            NewTopic(AGGREGATED, 1, 1, config=COMPACTED),
            NewTopic(TELEMETRY, 2, 1, config={"retention.ms": "172800000"}),
        ]
        admin = source.admin
        for made in admin.create_topics(new).values():
            made.result()
        source.write(
            [
                (b"a", _OLD, {}),
                (b"noop", None, {}),
                (b"gone", b"{}", {}),
                (_BYTES, _BYTES, {"mt": _BYTES}),
                (b"a", _NEW, {}),
                (b"gone", None, {}),
            ]
        )
        source.write([(b"a", _OLD, {})], AGGREGATED)
        where = Folder(folder / "copies")
        state = [each.store(where, "state/now/") for each in services(source.told)]
        copies.write(where, "now", {"site": "test", "taken": 0.0, "shards": [], "state": state})
    return folder / "copies"


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster with nothing in it."""
    with _cluster(tmp_path / "target", RESTORE) as here:
        yield here


def _restore(kept: Path, target: Cluster, what: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "backup.restore"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ARTIFACTS),
            **target.told,
            "DESTINATION": str(kept),
            "WHAT": what,
            # Nobody asks InfluxDB.
            "INFLUXDB_URL": "http://127.0.0.1:1",
            "INFLUXDB_LOGIN": target.told["LOGIN_DIR"],
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_lost_cluster_gets_its_topics_and_schemas_back(kept: Path, target: Cluster) -> None:
    done = _restore(kept, target, "schemas,topics")
    assert done.returncode == 0, done
    assert target.topics() == {SCHEMAS: 1, AGGREGATED: 1, TELEMETRY: 2}
    records = [(_BYTES, _BYTES, [("mt", _BYTES)]), (b"a", _NEW, None)]
    assert target.read() == records, "each in its last form, in their order, byte for byte"
    again = _restore(kept, target, "schemas,topics")
    assert again.returncode == 0, again
    assert "schemas: 0 of 2 records" in again.stdout
    assert "topics: 0 of 3 are made" in again.stdout
    assert target.read() == records
    done = _restore(kept, target, "aggregated-schemas")
    assert done.returncode == 0, done
    assert target.read(AGGREGATED) == [(b"a", _OLD, None)], "the same id is another schema there"
    # Somebody registers another schema under that id, and the copy's must not take its place.
    target.write([(b"a", None, {}), (b"b", b'{"id":1,"schema":"3","subject":"b"}', {})])
    refused = _restore(kept, target, "schemas")
    assert refused.returncode == 3, refused
    assert "nothing was touched" in refused.stdout
    assert "schemas: id 1 is another schema now, of b" in refused.stdout
