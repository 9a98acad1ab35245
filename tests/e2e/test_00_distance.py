"""The long way between the sites: what the mirror's settings are worth at 150 ms.

Two clusters of their own in network namespaces, between which every packet takes 75 ms: windows,
acknowledgements and the kernel's buffers are those of a long link. One task, and so one connection
to the source. Records are noise, which nothing packs. Neither end asks for a login.
"""

from collections.abc import Iterator

import pytest

from devkit.images import store
from devkit.images.java import JAVA
from devkit.images.kafka import CLASSES
from devkit.node import enclosure
from devkit.workspace import Workspace
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.kafka import server_properties
from efd_infra.manifests.mirror_maker import ROUND_TRIP_MS, mirror_maker_properties
from tests.e2e.distance import PORT, SOURCE, TARGET, Place, far_apart, mirror_maker
from tests.e2e.report import Report
from tests.support.full_site import changed, full_site

pytestmark = pytest.mark.e2e

SIZE = 20_000
"""Bytes of a record: large ones, so that a busy machine does not decide the rates."""
AIM = 5
"""How many times Kafka's own settings the mirror must reach."""
_LOGIN = (".security.", ".sasl.", ".ssl.", "config.providers")


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Place]]:
    if reason := enclosure.why_not():
        pytest.skip(f"no network namespaces: {reason}")
    cache = Workspace.from_environment().cache
    runtime, classes = store.unpacked(cache, JAVA), store.unpacked(cache, CLASSES)
    lines = server_properties(parse_site(full_site()).streaming.kafka).splitlines()
    network = "\n".join(line for line in lines if line.startswith(("socket.", "message.max")))
    with far_apart(
        tmp_path_factory.mktemp("ends"),
        java=runtime / "opt" / "java" / "bin" / "java",
        libraries=classes / "opt" / "kafka" / "libs",
        seconds=ROUND_TRIP_MS / 2000,
        network=network,
    ) as both:
        yield both


def settings(alias: str) -> dict[str, str]:
    """Return the settings of a link with one task, over the topics that begin like its alias."""
    # One broker here: one copy of each record is all there can be.
    site = full_site()
    for setting in ("brokers", "replicationFactor", "minInSyncReplicas"):
        site = changed(site, f"streaming.kafka.{setting}", 1)
    for key, value in {
        "source": alias,
        "topics": [rf"lsst\.sal\.{alias}\..*"],
        "tasks": 1,
        "replicationFactor": 1,
        "rate": "10MB/s",
    }.items():
        site = changed(site, f"replication.{key}", value)
    section = parse_site(site).replication
    assert section is not None
    text = mirror_maker_properties(
        section, section.data_link, target="here", target_bootstrap=f"{TARGET}:{PORT}"
    )
    found = dict(line.split("=", 1) for line in text.splitlines())
    found[f"{alias}.bootstrap.servers"] = f"{SOURCE}:{PORT}"
    return {k: v for k, v in found.items() if not any(word in k for word in _LOGIN)}


def rate(ends: tuple[Place, Place], alias: str, records: int, own: dict[str, str]) -> float:
    """Return the bytes per second that arrive at the second end."""
    source, target = ends
    topics = [f"lsst.sal.{alias}.{name}" for name in ("one", "two")]
    source.fill(topics, records, SIZE)
    with mirror_maker(target, alias, own):
        arrived, seconds = target.watch(topics, records, limit=15)
    assert arrived > 0
    return arrived * SIZE / seconds


def test_the_mirror_is_five_times_as_fast_as_with_kafka_s_own_settings(
    ends: tuple[Place, Place], report: Report
) -> None:
    clients = ("plain.consumer.", "here.producer.")
    plain = {k: v for k, v in settings("plain").items() if not k.startswith(clients)}
    before = rate(ends, "plain", 1000, plain)
    ours = rate(ends, "far", 10_000, settings("far"))
    report.add(
        "0", "one connection at 150 ms, Kafka's own client settings", round(before / 1e6, 2), "MB/s"
    )
    report.add("0", "one connection at 150 ms, the mirror's", round(ours / 1e6, 1), "MB/s", aim=10)
    assert ours > AIM * before
