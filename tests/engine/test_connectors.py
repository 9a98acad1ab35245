"""Connectors on a real worker and broker: created, put back, restarted, and their dead letters.

The sink is Kafka's own, into a file: the observatory's is no package. What is added to its
configuration, and the worker's settings, are the program's.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from efd_infra.config.parsing import parse_site
from efd_infra.config.values import Quantity
from efd_infra.manifests.connectors import error_settings
from efd_infra.manifests.kafka_users import user_rules
from efd_infra.manifests.service_users import CONNECT, service_users
from tests.support.connect_worker import FILE_SINK, worker
from tests.support.connector_manager import manager, program
from tests.support.file_sink import FAILED, RUNNING, SECTION, Cluster, Sink, headers, read
from tests.support.full_site import changed, full_site
from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_server import Java, broker, wait

pytestmark = pytest.mark.engine


def _rules() -> list[str]:
    """Return what the workers of a site with this sink may do, and no more."""
    connectors = [{"name": str(SECTION.name)}]
    site = parse_site(changed(full_site(), "streaming.connectors", connectors))
    (user,) = [each.user for each in service_users(site) if each.user.name == CONNECT]
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
def sink(cluster: Cluster, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Sink]:
    additions = error_settings(SECTION, replication_factor=1)
    with manager(tmp_path, cluster.worker.url, SECTION.name, additions) as ours:
        yield Sink(f"lsst.sal.{request.node.name}", tmp_path, cluster, ours)
    # When nobody puts it back any more.
    cluster.worker.ask("DELETE", f"/connectors/{SECTION.name}")
    wait(lambda: not cluster.worker.states(SECTION.name), "a removal")


def test_a_bad_record_is_a_dead_letter_and_good_ones_flow(sink: Sink) -> None:
    sink.send('{"a":1}', "no JSON", '{"a":2}')
    sink.manager.wants(sink.config)
    sink.runs()
    wait(lambda: sink.written == ["{a=1}", "{a=2}"], "the good records")
    (letter,) = read(sink.cluster, SECTION.dead_letter_topic, 1)
    assert letter.value() == b"no JSON"
    said = {key: str(value, "utf-8") for key, value in headers(letter)}
    assert said["__connect.errors.topic"] == sink.topic
    assert said["__connect.errors.offset"] == "1"
    assert said["__connect.errors.stage"] == "VALUE_CONVERTER"
    assert "no JSON" not in sink.cluster.worker.log.read_text(), "the log shows no record"
    assert sink.states == RUNNING


def test_nothing_is_created_before_there_are_topics(sink: Sink) -> None:
    wait(lambda: sink.manager.is_ready, "a look")
    assert sink.states == []
    assert sink.manager.metric("state", state="absent") == 1
    sink.manager.wants(sink.config)
    sink.runs()
    assert sink.manager.metric("uploads_total") == 1
    assert sink.manager.metric("topics") == 1


def test_a_connector_changed_by_hand_is_put_back(sink: Sink) -> None:
    """``kafkaconnect`` alone never looks at it again (domain.md 3.10)."""
    sink.manager.wants(sink.config)
    sink.runs()
    as_it_was = sink.ask("GET", "/config")
    sink.ask("PUT", "/config", {**as_it_was, "topics": "other", "extra": "x"})
    wait(lambda: sink.ask("GET", "/config") == as_it_was, "the configuration")
    wait(lambda: sink.manager.metric("put_backs_total") == 1, "a count")
    assert any("somebody had changed extra, topics" in event for event in sink.manager.said)


def test_a_connector_removed_by_hand_is_put_back(sink: Sink) -> None:
    sink.manager.wants(sink.config)
    sink.runs()
    sink.ask("DELETE", "")
    wait(lambda: sink.manager.metric("put_backs_total") == 1, "a count")
    sink.runs()
    assert any("somebody had removed it" in event for event in sink.manager.said)


def test_a_new_topic_is_followed_and_is_no_change_by_hand(sink: Sink) -> None:
    sink.manager.wants(sink.config)
    sink.runs()
    sink.manager.wants({**sink.config, "topics": f"{sink.topic},lsst.sal.New"})
    wait(lambda: "lsst.sal.New" in sink.topics, "the topic")
    wait(lambda: sink.manager.metric("uploads_total") == 2, "a count")
    assert sink.manager.metric("put_backs_total") == 0


def test_a_failed_task_is_restarted_with_growing_pauses(sink: Sink) -> None:
    sink.manager.wants({**sink.config, "file": str(sink.folder / "later" / "out")})
    wait(lambda: sink.states == FAILED, "a failure")
    wait(lambda: sink.manager.metric("restarts_total") == 3, "restarts")
    assert sink.manager.metric("restart_pause_seconds") == 4
    assert sink.manager.metric("tasks_failed") == 1
    assert not sink.manager.is_ready
    (sink.folder / "later").mkdir()
    sink.runs()
    assert sink.manager.metric("tasks_failed") == 0


def test_a_connector_paused_by_hand_stays_paused_and_is_seen(sink: Sink) -> None:
    sink.manager.wants(sink.config)
    sink.runs()
    sink.ask("PUT", "/pause")
    wait(lambda: sink.manager.metric("state", state="paused") == 1, "a metric")
    sink.manager.wants({**sink.config, "topics": "lsst.sal.Other"})
    wait(lambda: sink.topics == "lsst.sal.Other", "the topic")
    # New tasks are unassigned for a moment.
    wait(lambda: sink.states == ["PAUSED", "PAUSED"], "a pause that lasts")
    sink.ask("PUT", "/resume")
    sink.runs()


def test_a_configuration_that_the_worker_refuses_is_reported(sink: Sink) -> None:
    """``kafkaconnect`` takes no notice of the answer."""
    sink.manager.wants({**sink.config, "tasks.max": 0})
    wait(lambda: sink.manager.metric("refused") == 1, "a refusal")
    status, why = sink.manager.ask("/ready")
    assert status == 503
    assert "refused by the workers with 400" in why
    assert sink.manager.metric("uploads_refused_total", reason="workers") == 1, "and not each time"


def test_every_setting_that_is_added_is_one_that_the_worker_knows(cluster: Cluster) -> None:
    added = json.loads(error_settings(SECTION, replication_factor=1))
    texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in added.items()}
    config = {"name": "x", "connector.class": FILE_SINK, "topics": "t", **texts}
    path = f"/connector-plugins/{FILE_SINK}/config/validate"
    answer = cluster.worker.ask("PUT", path, config)
    values = {entry["value"]["name"]: entry["value"] for entry in answer["configs"]}
    assert answer["error_count"] == 0
    assert {key: values[key]["value"] for key in texts} == texts
    wrong = cluster.worker.ask("PUT", path, {**config, "errors.tolerance": "some"})
    assert wrong["error_count"] == 1


def test_a_secret_is_in_no_answer_of_the_worker(sink: Sink) -> None:
    """Everybody who reached the original's could read the passwords (domain.md 10, 18)."""
    secrets = sink.cluster.worker.secrets / "user"
    secrets.mkdir()
    (secrets / "password").write_text(str(sink.folder / "out"))
    sink.manager.wants({**sink.config, "file": f"${{directory:{secrets}:password}}"})
    sink.runs()
    sink.send('{"a":1}')
    wait(lambda: sink.written == ["{a=1}"], "the secret's value is what the task is given")
    answers = [sink.ask("GET", path) for path in ("", "/config", "/tasks", "/status")]
    assert str(sink.folder / "out") not in json.dumps(answers)


def test_the_size_of_a_configuration_is_known_before_the_worker_fails_with_it(sink: Sink) -> None:
    """Kafka's limit of 1 MiB: the connector's record fits, and a task's does not."""
    sink.manager.wants(sink.config)
    sink.runs()
    as_it_was = sink.ask("GET", "/config")
    calculate, limit = program(), 2**20
    empty = calculate._record(f"connector-{SECTION.name}", {**as_it_was, "filler": ""})  # noqa: SLF001 -- to the byte
    config = {**as_it_was, "filler": '\u00e9"' * ((limit - empty - 8) // 4)}
    assert calculate._record(f"connector-{SECTION.name}", config) <= limit  # noqa: SLF001 -- as above
    sink.manager.wants(config)
    wait(lambda: sink.manager.metric("refused") == 1, "a refusal")
    assert sink.ask("GET", "/config") == as_it_was
    assert sink.manager.metric("config_bytes") == calculate.largest_record(config)
    assert sink.manager.metric("uploads_refused_total", reason="size") == 1
    assert sink.states == RUNNING, "the last one that fits goes on"
    # And so it is: the worker takes the connector's record, and cannot write the task's.
    sink.manager.wants(None)
    sink.ask("PUT", "/config", config)
    told = re.compile(r"The message is (\d+) bytes when serialized which is larger than (\d+)")
    wait(lambda: told.search(sink.cluster.worker.log.read_text()), "the worker's own words")
    found = told.search(sink.cluster.worker.log.read_text())
    assert found is not None
    assert int(found[2]) == limit
    spare = calculate.largest_record(config) - int(found[1])
    assert 0 <= spare <= calculate.TASK + len("Connector")
