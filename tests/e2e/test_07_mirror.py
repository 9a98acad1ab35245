"""The mirror link: what the Summit has, the data facility has, and nothing goes back."""

import time

import pytest
import requests

from devkit.patience import wait_until
from devkit.traffic import arrivals, observatory, records
from devkit.traffic.ledger import Ledger
from devkit.traffic.topics import Topics
from tests.e2e.even import wait_until_even
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import STREAMING, Stand

pytestmark = pytest.mark.e2e

AT_HOME = ("_schemas", "__", "apicurio-")
"""Topics of the Summit's own brokers and registry."""
DATA = "/var/lib/kafka/data/kafka"
REFRESH = 10
"""Seconds between two looks for new topics (the site file)."""


def equal(summit: Stand, ldf: Stand) -> records.Comparison:
    """Compare both sites' topics, settings included, their records and their schemas."""
    users = summit.outside("ldf"), ldf.outside("auditor")
    return records.compare(*users, registries=(summit.registry, ldf.registry))


def written(found: records.Comparison) -> int:
    """Return how many records the source has."""
    return sum(topic.source for topic in found.topics.values())


def ends(stand: Stand) -> dict[tuple[str, int], int]:
    """Return where each partition of the site's own topics ends."""
    topics = Topics(stand.outside("notebooks"))
    places = [(name, n) for name, count in topics.partitions(".*").items() for n in range(count)]
    return {place: end for place, (_, end) in topics.spans(places).items()}


def topics_on_disk(stand: Stand, broker: str) -> set[str]:
    """Return the topics of which a broker has partitions, whoever may see them."""
    arguments = (f"--namespace={STREAMING}", broker, "-c", "kafka", "--", "ls", DATA)
    folders = stand.kubectl("exec", *arguments).split()
    return {name.rpartition("-")[0] for name in folders if name.rpartition("-")[2].isdecimal()}


def test_everything_is_mirrored_as_it_is(summit: Stand, ldf: Stand, report: Report) -> None:
    wait_until_even(summit, ldf, 300)
    found = equal(summit, ldf)
    report.add("7", "topics alike in partitions, records, keys, headers", len(found.topics))
    report.add("7", "records alike at both sites", written(found))
    report.add("7", "schema ids alike at both registries", len(found.schemas))
    assert found.equal, "\n".join(found.lines())


def test_a_topic_made_later_arrives_within_a_refresh(
    summit: Stand, ldf: Stand, report: Report
) -> None:
    target = Topics(ldf.outside("notebooks"))
    wanted = {topic.name for topic in observatory.topics(["Later"])}
    with load(summit, "later", "--seed=71", "--csc", "Later", "--duration=10") as producer:
        began = time.monotonic()
        assert wait_until(lambda: wanted <= set(target.partitions(".*")), 6 * REFRESH)
        seconds = round(time.monotonic() - began, 1)
        ledger = producer.finish()
    report.add("7", "a later topic at the data facility after", seconds, "s", aim=f"≈ {REFRESH}")
    wait_until_even(summit, ldf, 120)
    assert arrivals.wait(ldf.influx, ledger, 120).complete, "and in its InfluxDB"


def test_a_link_cut_for_two_minutes_catches_up(
    summit: Stand, ldf: Stand, outage: Ledger, report: Report
) -> None:
    found = equal(summit, ldf)
    assert found.equal, "\n".join(found.lines())
    there = arrivals.wait(ldf.influx, outage, 180)
    report.add("7", "points at the data facility after the cut", there.arrived, aim=there.expected)
    assert there.complete, "\n".join(there.lines())


def test_nothing_is_written_back(summit: Stand, ldf: Stand, report: Report) -> None:
    assert ldf.brokers(), "the mirror is there"
    before = ends(summit)
    time.sleep(2 * REFRESH)
    more = sum(ends(summit).values()) - sum(before.values())
    own = {name for broker in summit.brokers() for name in topics_on_disk(summit, broker)}
    strange = sorted(name for name in own if not name.startswith(("lsst.sal.", *AT_HOME)))
    report.add("7", "records at the Summit that nobody there wrote", more, aim=0)
    report.add("7", "topics at the Summit that the mirror made", len(strange), aim=0)
    assert more == 0
    assert strange == []


def test_the_mirrored_registry_refuses_to_write(ldf: Stand) -> None:
    url = f"{ldf.registry.web.url}/subjects/lsst.sal.Never-value/versions"
    answer = requests.post(url, json={"schema": '{"type": "string"}'}, timeout=10)
    assert not answer.ok
