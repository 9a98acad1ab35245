"""A connector that finds its topics by a pattern, as the archive's does, on a real worker.

The sink is Kafka's own, into a file: the archive's is no package. Its pattern, its rights, what is
added for errors and the program that keeps it in place are the site's.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Producer

from efd_infra.config.archive import ParquetSinkSection
from efd_infra.config.parsing import parse_site
from efd_infra.config.values import Duration, Quantity
from efd_infra.manifests.connectors import error_settings
from efd_infra.manifests.kafka_users import user_rules
from efd_infra.manifests.s3_sink import s3_sink_settings
from efd_infra.manifests.service_users import CONNECT, service_users
from tests.support.connect_worker import FILE_SINK, worker
from tests.support.connector_manager import Manager, manager
from tests.support.file_sink import RUNNING, Cluster, read
from tests.support.full_site import full_site
from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_server import Java, broker, wait

pytestmark = pytest.mark.engine
LOOKING = "consumer.override.metadata.max.age.ms"
SITE = parse_site(full_site())


def _section() -> ParquetSinkSection:
    assert SITE.archive
    assert SITE.archive.parquet
    return SITE.archive.parquet.model_copy(update={"check_interval": Duration("1s")})


def _rules() -> list[str]:
    (user,) = [each.user for each in service_users(SITE) if each.user.name == CONNECT]
    return user_rules([user]).splitlines()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    java = Java(tmp_path_factory.mktemp("cluster"), kafka_libs())
    with (
        broker(java, CONNECT, _rules()) as here,
        worker(java, here.login, Quantity("1Mi")) as ours,
    ):
        yield Cluster(here.bootstrap, ours)


@pytest.fixture
def kept(cluster: Cluster, tmp_path: Path) -> Iterator[Manager]:
    additions = error_settings(_section(), replication_factor=1)
    with manager(tmp_path, cluster.worker.url, _section().name, additions) as ours:
        yield ours
    cluster.worker.ask("DELETE", f"/connectors/{_section().name}")


def _config(out: Path) -> dict[str, str | int]:
    """Return the archive's configuration, as far as it is Connect's, for another sink."""
    settings = json.loads(s3_sink_settings(_section()))
    shared = {key: settings[key] for key in ("name", "topics.regex", LOOKING)}
    return {
        **shared,
        "connector.class": FILE_SINK,
        "tasks.max": 1,
        "file": str(out),
    }


def _send(cluster: Cluster, topic: str, *values: str) -> None:
    producer = Producer({"bootstrap.servers": cluster.bootstrap})
    for value in values:
        producer.produce(topic, value)
    assert producer.flush(30) == 0


def _written(out: Path) -> list[str]:
    return sorted(out.read_text().splitlines()) if out.exists() else []


def test_topics_are_followed_by_their_names_alone(
    cluster: Cluster, kept: Manager, tmp_path: Path
) -> None:
    out, name = tmp_path / "out", _section().name
    _send(cluster, "lsst.sal.KA.first", '{"a":1}', "no JSON")
    _send(cluster, "lsst.sal.KE.excluded", '{"a":2}')
    _send(cluster, "lsst.sal.LA.another", '{"a":3}')
    kept.wants(_config(out))
    wait(lambda: kept.is_ready and cluster.worker.states(name) == RUNNING, "a running connector")
    wait(lambda: _written(out) == ["{a=1}"], "the first record")
    uploads = kept.metric("uploads_total")
    assert (kept.metric("topics"), uploads) == (0, 1), "it is told no topics"

    _send(cluster, "lsst.sal.KB.second", '{"a":4}')
    wait(lambda: _written(out) == ["{a=1}", "{a=4}"], "a record of a new topic")
    (letter,) = read(cluster, _section().dead_letter_topic, 1)
    assert letter.value() == b"no JSON"

    cluster.worker.ask("DELETE", f"/connectors/{name}")
    wait(lambda: kept.metric("put_backs_total") == 1, "what somebody has removed, put back")
    wait(lambda: kept.is_ready and cluster.worker.states(name) == RUNNING, "a running connector")
    _send(cluster, "lsst.sal.KA.first", '{"a":5}')
    wait(lambda: "{a=5}" in _written(out), "a record after that")
    time.sleep(2)
    assert _written(out) == ["{a=1}", "{a=4}", "{a=5}"], "the group knows what it has read"
