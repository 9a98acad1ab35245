"""The catalogue of what is measured, and how much it is."""

from collections.abc import Iterator

import pytest

from efd_infra.config.site import Site
from efd_infra.config.values import FOREVER
from efd_infra.manifests.measurements.catalogue import METRICS, site_metrics, writers
from efd_infra.manifests.measurements.measurement import Writer
from tests.support.site_case import CASES, SITES, SiteCase

_BROKER, _POD, _NODE = 70, 40, 12
"""Series of each, measured with 1,000 topics (``tests/engine/test_measurements.py``)."""
_HEARTBEATS = 65
"""Components of SAL, each with a topic whose age a mirror tells."""
_OF_A_SHARD = 5
"""InfluxDB's measurements that have a series for each shard."""
_FOREVER = 5 * 365
"""Days of what is kept for ever."""
_DAY = 86_400


def _shards(site: Site) -> Iterator[int]:
    """Yield how many shards have figures: those there are, and those that went meanwhile."""
    databases = site.timeseries.influxdb.databases
    assert site.monitoring
    (metrics,) = [d for d in databases if d.name == site.monitoring.database]
    kept = _days(metrics.retention[0].keep)
    for database in databases:
        for policy in database.retention:
            yield (_days(policy.keep) + kept) * _DAY // policy.shard_duration.seconds + 2
    # ``_internal``: a week, by the day.
    yield 7 + kept + 2


def _days(keep: str) -> int:
    return _FOREVER if keep == FOREVER else keep.seconds // _DAY  # type: ignore[attr-defined]


def _series(site: Site) -> int:
    streaming = site.streaming
    workers = streaming.connect.replicas if streaming.connect else 0
    mirrors = site.replication.workers if site.replication else 0
    return (
        streaming.kafka.brokers * _BROKER
        + (streaming.schema_registry.replicas + workers) * _POD
        + mirrors * 2 * (_POD + _HEARTBEATS)
        + len(streaming.connectors) * 2 * _POD
        + site.cluster.nodes * _NODE
        + sum(_shards(site)) * _OF_A_SHARD
    )


@pytest.mark.parametrize("case", SITES, ids=lambda case: case.name)
def test_metrics_are_few_series_whatever_the_number_of_topics(case: SiteCase) -> None:
    """A thousand topics with their partitions would be tens of thousands of them."""
    assert 0 < _series(case.site) < 10_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_site_has_what_its_services_write(case: SiteCase) -> None:
    here = writers(case.site)
    assert (Writer.MIRROR in here) == (case.site.replication is not None)
    assert {m.writer for m in site_metrics(case.site)} == here - {Writer.TOPICS}


def test_a_field_is_of_one_kind() -> None:
    """InfluxDB refuses a point with another."""
    kinds: dict[tuple[str, str], str] = {}
    for measurement in METRICS:
        for field, kind in measurement.fields.items():
            assert kinds.setdefault((measurement.name, field), kind) == kind


def test_every_entry_is_there_once() -> None:
    entries = [(m.writer, m.name, *sorted(m.tags), *sorted(m.fields)) for m in METRICS]
    assert len(set(entries)) == len(entries)
