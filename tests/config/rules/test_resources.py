"""Rules of heaps, requests and limits."""

import pytest

from tests.support.full_site import changed, full_site, without
from tests.support.refusal import mistakes

_HEAPS = [
    ("streaming.kafka", "resources.memoryLimit"),
    ("streaming.schemaRegistry", "resources.memoryLimit"),
    ("streaming.connect", "memoryLimit"),
    ("streaming.kafdrop", "resources.memoryLimit"),
    ("replication", "resources.memoryLimit"),
]

_REQUESTS = [
    "streaming.kafka",
    "streaming.schemaRegistry",
    "streaming.kafdrop",
    "timeseries.influxdb",
    "timeseries.chronograf",
    "timeseries.kapacitor",
    "monitoring",
    "replication",
]


@pytest.mark.parametrize(("path", "limit"), _HEAPS)
def test_a_heap_that_fills_the_memory_limit_is_refused(path: str, limit: str) -> None:
    site = changed(full_site(), f"{path}.{limit}", "10Gi")
    assert mistakes(changed(site, f"{path}.heap", "8193Mi")) == [
        f"{path}.heap: given 8193Mi; allowed: at most 8192Mi: 80% of the memory limit 10Gi"
    ]
    assert mistakes(changed(site, f"{path}.heap", "8Gi")) == []


@pytest.mark.parametrize(("path", "limit"), _HEAPS)
def test_a_heap_above_compressed_pointers_is_refused(path: str, limit: str) -> None:
    site = changed(full_site(), f"{path}.{limit}", "64Gi")
    assert mistakes(changed(site, f"{path}.heap", "32Gi")) == [
        f"{path}.heap: given 32Gi; allowed: at most 31Gi (JVM pointers)"
    ]


@pytest.mark.parametrize(("path", "limit"), _HEAPS)
def test_a_heap_that_starts_nothing_is_refused(path: str, limit: str) -> None:
    site = changed(without(full_site(), "archive"), f"{path}.{limit}", "10Gi")
    assert mistakes(changed(site, f"{path}.heap", "512Ki")) == [
        f"{path}.heap: given 512Ki; allowed: at least 64Mi"
    ]


@pytest.mark.parametrize("path", _REQUESTS)
def test_a_request_above_its_limit_is_refused(path: str) -> None:
    site = changed(full_site(), f"{path}.resources.memory", "60Gi")
    site = changed(site, f"{path}.resources.cpu", "60")
    limits = full_site()
    for key in path.split("."):
        limits = limits[key]
    assert mistakes(site) == [
        (
            f"{path}.resources.cpu: given 60; "
            f"allowed: at most cpuLimit, {limits['resources']['cpuLimit']}"
        ),
        (
            f"{path}.resources.memory: given 60Gi; "
            f"allowed: at most memoryLimit, {limits['resources']['memoryLimit']}"
        ),
    ]


def test_a_request_in_another_unit_is_compared_by_amount() -> None:
    site = changed(full_site(), "monitoring.resources.cpu", "5001m")
    assert mistakes(site) == ["monitoring.resources.cpu: given 5001m; allowed: at most cpuLimit, 5"]
    assert mistakes(changed(full_site(), "monitoring.resources.cpu", "5000m")) == []


def test_a_broker_without_room_for_its_probe_is_refused() -> None:
    """It would be killed for the question whether it is ready."""
    site = changed(full_site(), "streaming.kafka.resources.memory", "1Gi")
    site = changed(site, "streaming.kafka.resources.memoryLimit", "1Gi")
    assert mistakes(changed(site, "streaming.kafka.heap", "577Mi")) == [
        (
            "streaming.kafka.heap: given 577Mi; allowed: at most 576Mi: 448Mi less than the memory "
            "limit 1Gi, for the JVM itself and the probe of readiness"
        )
    ]
    assert mistakes(changed(site, "streaming.kafka.heap", "576Mi")) == []
