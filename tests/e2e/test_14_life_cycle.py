"""Changes that must not begin, and brokers that come and go, while a producer writes."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import admin
from confluent_kafka.admin import AdminClient

from devkit.errors import DevkitError
from devkit.patience import wait_until
from devkit.traffic import kept
from devkit.traffic.ledger import Ledger
from tests.e2e.broker_watch import UNDER_REPLICATED, BrokerWatch
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import BROKER, STREAMING, Stand, is_ready

pytestmark = pytest.mark.e2e

KAFKA = "streaming.kafka"
RATE = "--rate=300"
BROKERS = 3
SCRATCH = "lsst.sal.Scratch."

_api: Any = admin
"""Most of its names are not exported, as type checkers see it."""


def _uids(stand: Stand) -> dict[str, str]:
    return {name: str(pod["metadata"]["uid"]) for name, pod in stand.brokers().items()}


def _lags(stand: Stand) -> bool:
    """Tell whether a broker that answers says that a replica is missing."""
    lag = [stand.metric(pod, UNDER_REPLICATED) for pod in stand.brokers().values()]
    return any(each is not None and each > 0 for each in lag)


def _in_sync(stand: Stand) -> bool:
    """Tell whether all brokers are there, and no partition lacks a replica."""
    brokers = stand.brokers().values()
    if len(brokers) != BROKERS:
        return False
    lag = [stand.metric(pod, UNDER_REPLICATED) for pod in brokers]
    return all(map(is_ready, brokers)) and not any(each is None or each > 0 for each in lag)


def _refused(stand: Stand) -> str:
    """Deploy the site, which must be refused; what was said, and by the check itself."""
    with pytest.raises(DevkitError) as refusal:
        stand.deployment.up()
    jobs = [p for p in stand.pods(STREAMING) if "kafka-checks" in p["metadata"]["name"]]
    logs = [stand.kubectl("logs", p["metadata"]["name"], f"--namespace={STREAMING}") for p in jobs]
    return "\n".join([str(refusal.value), *logs])


@contextmanager
def _frozen(stand: Stand, broker: int) -> Iterator[None]:
    """Stop the process of a broker, whose pod stays where it is, for as long as the body runs."""
    name = f"{BROKER}-{broker}"
    uid = stand.brokers()[name]["metadata"]["uid"]
    (process,) = [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        # The other site's brokers have the same names.
        if _has(folder / "environ", f"POD_NAME={name}\0")
        and _has(folder / "cmdline", "\0kafka.Kafka\0")
        and _has(folder / "cgroup", uid, uid.replace("-", "_"))
    ]
    os.kill(process, signal.SIGSTOP)
    try:
        # The controllers take nine seconds to miss it; until then nobody knows.
        assert wait_until(lambda: _lags(stand), 60), "nobody misses the broker"
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def _has(file: Path, *words: str) -> bool:
    try:
        text = file.read_text(errors="replace")
    except OSError:  # it has ended
        return False
    return any(word in text for word in words)


def _kept(stand: Stand, ledger: Ledger, report: Report, while_: str) -> None:
    found = kept.check(stand.outside("notebooks"), ledger)
    report.add("14", f"acknowledged while {while_}, in Kafka", found.kept, aim=found.acknowledged)
    assert found.complete, "\n".join(found.lines())


def test_fewer_brokers_are_refused_while_they_hold_replicas(summit: Stand) -> None:
    before = _uids(summit)
    with summit.deployment.described(f"{KAFKA}.brokers", BROKERS - 1):
        summit.deployment.describe(f"{KAFKA}.replicationFactor", 2)
        summit.deployment.describe(f"{KAFKA}.minInSyncReplicas", 1)
        said = _refused(summit)
    assert "of the brokers vote in the controllers' quorum" in said, said
    assert _uids(summit) == before


def test_a_roll_begins_when_nothing_can_be_lost_by_it(summit: Stand, report: Report) -> None:
    """Neither while a broker is out, nor while a topic has no replica to spare."""
    assert wait_until(lambda: _in_sync(summit), 120)
    before = _uids(summit)
    topic = f"{SCRATCH}pair"
    with load(summit, "blocked", "--seed=131", "--csc", "Blocked", RATE) as producer:
        time.sleep(5)
        summit.deployment.describe(f"{KAFKA}.retention", "70h")
        with _frozen(summit, 0):
            said = _refused(summit)
        assert "broker 0 is out of sync" in said, said
        assert wait_until(lambda: _in_sync(summit), 120)
        client = AdminClient(summit.outside("sal").settings)
        client.create_topics([_api.NewTopic(topic, 1, 2)])[topic].result(30)
        said = _refused(summit)
        assert f"{topic} (2, min.insync.replicas 2)" in said, said
        assert "streaming.kafka.mayPause" in said
        assert _uids(summit) == before, "a broker was touched"
        summit.deployment.describe(f"{KAFKA}.mayPause", [SCRATCH])
        with (
            BrokerWatch(summit) as watch,
            report.timed("14", "rolling change of three brokers by pulumi up"),
        ):
            summit.deployment.up()
        assert wait_until(lambda: _in_sync(summit), 120)
        ledger = producer.stop()
    after = _uids(summit)
    assert all(after[name] != before[name] for name in before), "the change goes through now"
    gone = watch.restarts()
    assert sorted(name for name, _ in gone) == sorted(before)
    report.add("14", "brokers away at the worst moment", watch.most_down(BROKERS), aim=1)
    report.add("14", "lagging partitions before each went", str([lag for _, lag in gone]), aim=0)
    assert watch.most_down(BROKERS) == 1
    assert [lag for _, lag in gone] == [0, 0, 0]
    _kept(summit, ledger, report, "a roll was refused, and then rolled")


def test_a_broker_that_is_needed_is_not_stopped_at_once(summit: Stand, report: Report) -> None:
    """Somebody deletes a pod while another broker is out: it waits until that one is back."""
    assert wait_until(lambda: _in_sync(summit), 120)
    with load(summit, "needed", "--seed=132", "--csc", "Needed", RATE) as producer:
        time.sleep(5)
        with _frozen(summit, 0):
            held = summit.brokers()[f"{BROKER}-1"]
            summit.kubectl(
                "delete", "pod", f"{BROKER}-1", f"--namespace={STREAMING}", "--wait=false"
            )
            time.sleep(20)
            still = summit.brokers()[f"{BROKER}-1"]
            assert still["metadata"]["uid"] == held["metadata"]["uid"]
            assert is_ready(still), "it serves while it waits"
        # Between the two it has none.
        stays = held["metadata"]["uid"]
        assert wait_until(lambda: _uids(summit).get(f"{BROKER}-1", stays) != stays, 120)
        assert wait_until(lambda: _in_sync(summit), 180)
        ledger = producer.stop()
    _kept(summit, ledger, report, "a needed broker was deleted")


def test_a_broker_more_joins_and_goes_again(summit: Stand, report: Report) -> None:
    """It restarts no other, and does not vote."""
    assert wait_until(lambda: _in_sync(summit), 120)
    before = _uids(summit)
    with load(summit, "joined", "--seed=133", "--csc", "Joined", RATE) as producer:
        time.sleep(5)  # its topics are there before the broker, which then holds none of them
        with report.timed("14", "a fourth broker by pulumi up"):
            summit.deployment.describe(f"{KAFKA}.brokers", BROKERS + 1)
            summit.deployment.up()
        fourth = f"{BROKER}-{BROKERS}"
        assert _uids(summit) == {**before, fourth: _uids(summit)[fourth]}
        client = AdminClient(summit.outside("sal").settings)
        assert wait_until(lambda: len(client.list_topics(timeout=10).brokers) == BROKERS + 1, 60)
        roles = ("grep", "process.roles", "/tmp/node.properties")  # noqa: S108 -- the pod's own
        said = summit.kubectl(
            "exec", fourth, f"--namespace={STREAMING}", "-c", "kafka", "--", *roles
        )
        assert said.strip() == "process.roles=broker"
        summit.deployment.describe(f"{KAFKA}.brokers", BROKERS)
        summit.deployment.up()
        ledger = producer.stop()
    assert _uids(summit) == before
    _kept(summit, ledger, report, "a broker came and went")


def test_the_metadata_s_release_is_a_step_of_its_own(summit: Stand) -> None:
    before = _uids(summit)
    summit.deployment.describe(f"{KAFKA}.metadataVersion", "4.3")
    summit.deployment.up()
    assert _uids(summit) == before
    (job,) = [p for p in summit.pods(STREAMING) if "kafka-features" in p["metadata"]["name"]]
    said = summit.kubectl("logs", job["metadata"]["name"], f"--namespace={STREAMING}")
    assert "metadata.version is 4.3-IV0 already" in said
