"""Rules of heaps, requests and limits."""

from collections.abc import Iterator

from efd_infra.config.cluster import Resources
from efd_infra.config.mistake import Mistake
from efd_infra.config.site import Site
from efd_infra.config.values import Quantity

_POINTER_LIMIT = Quantity("31Gi")
"""Above it the JVM's pointers grow to 64 bits and the heap holds fewer objects."""

_LEAST_HEAP = Quantity("64Mi")
"""Less starts no server; a heap below one MiB would even become ``-Xmx0m``."""

_HEAP_SHARE = 0.8
"""Of a memory limit; the rest is the JVM's own memory and buffers outside the heap."""


_BROKER_BESIDES = Quantity("448Mi")
"""Beside its heap a broker takes 200 MiB, and the JVM of its probe as much (Kafka 4.3.1)."""


def _heaps(site: Site) -> Iterator[tuple[str, Quantity, Resources]]:
    streaming = site.streaming
    yield "streaming.kafka", streaming.kafka.heap, streaming.kafka.resources
    registry, connect = streaming.schema_registry, streaming.connect
    yield "streaming.schemaRegistry", registry.heap, registry.resources
    if connect:
        yield "streaming.connect", connect.heap, connect.resources
    if aggregation := streaming.aggregation:
        yield "streaming.aggregation", aggregation.heap, aggregation.resources
        own = aggregation.registry
        yield "streaming.aggregation.registry", own.heap, own.resources
    if streaming.kafdrop:
        yield "streaming.kafdrop", streaming.kafdrop.heap, streaming.kafdrop.resources
    if site.replication:
        yield "replication", site.replication.heap, site.replication.resources


def heaps_fit(site: Site) -> Iterator[Mistake]:
    """A heap stays below the pointer limit and leaves the JVM room under its memory limit."""
    for path, heap, resources in _heaps(site):
        if heap.bytes < _LEAST_HEAP.bytes:
            yield Mistake(f"{path}.heap", heap, f"at least {_LEAST_HEAP}")
        if heap.bytes > _POINTER_LIMIT.bytes:
            yield Mistake(f"{path}.heap", heap, f"at most {_POINTER_LIMIT} (JVM pointers)")
        most = resources.memory_limit.bytes * _HEAP_SHARE
        if heap.bytes > most:
            yield Mistake(
                f"{path}.heap",
                heap,
                f"at most {int(most) // 2**20}Mi: {_HEAP_SHARE:.0%} of the memory limit "
                f"{resources.memory_limit}",
            )


def brokers_leave_room_for_their_probe(site: Site) -> Iterator[Mistake]:
    """A broker's readiness is asked by a second JVM, which its memory limit must bear too.

    Otherwise the broker would be killed for the question.
    """
    kafka = site.streaming.kafka
    most = kafka.resources.memory_limit.bytes - _BROKER_BESIDES.bytes
    share = kafka.resources.memory_limit.bytes * _HEAP_SHARE
    if most < kafka.heap.bytes <= share:  # more is refused above
        yield Mistake(
            "streaming.kafka.heap",
            kafka.heap,
            f"at most {most // 2**20}Mi: {_BROKER_BESIDES} less than the memory limit "
            f"{kafka.resources.memory_limit}, for the JVM itself and the probe of readiness",
        )


def requests_fit_limits(site: Site) -> Iterator[Mistake]:
    """A container cannot ask for more than it may use."""
    asked = {path: resources for path, _, resources in _heaps(site)}
    asked["timeseries.influxdb"] = site.timeseries.influxdb.resources
    if site.timeseries.chronograf:
        asked["timeseries.chronograf"] = site.timeseries.chronograf.resources
    if site.timeseries.kapacitor:
        asked["timeseries.kapacitor"] = site.timeseries.kapacitor.resources
    if site.monitoring:
        asked["monitoring"] = site.monitoring.resources
    for index, sink in enumerate(site.streaming.connectors):
        asked[f"streaming.connectors.{index}"] = sink.resources
    for path, resources in asked.items():
        if resources.cpu.millicores > resources.cpu_limit.millicores:
            yield Mistake(
                f"{path}.resources.cpu", resources.cpu, f"at most cpuLimit, {resources.cpu_limit}"
            )
        if resources.memory.bytes > resources.memory_limit.bytes:
            yield Mistake(
                f"{path}.resources.memory",
                resources.memory,
                f"at most memoryLimit, {resources.memory_limit}",
            )


RULES = (heaps_fit, brokers_leave_room_for_their_probe, requests_fit_limits)
