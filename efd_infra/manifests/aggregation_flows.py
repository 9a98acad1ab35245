"""The flows of the aggregator, its registry, and what reads aggregates."""

from collections.abc import Iterator

from efd_infra.config import contract
from efd_infra.config.listener import SERVICES
from efd_infra.config.site import Site
from efd_infra.manifests import workloads
from efd_infra.manifests.flow import Flow, arrow


def aggregation_flows(site: Site) -> Iterator[Flow]:
    """Yield who dials whom for aggregates: what makes them, and sinks that write them."""
    workers, registry = (workloads.AGGREGATOR,), (workloads.AGGREGATED_REGISTRY,)
    for name, sources, why in (
        ("aggregated-schema-registry", registry, "keeps schemas of aggregates in a topic"),
        ("aggregator", workers, "reads records, writes aggregates, keeps its state in topics"),
    ):
        yield arrow(f"{name}-to-kafka", sources, workloads.KAFKA, SERVICES.port, why)
    yield from _registries(site)


def _registries(site: Site) -> Iterator[Flow]:
    workers, port = (workloads.AGGREGATOR,), contract.SCHEMA_REGISTRY.port
    why = "schemas of the records it reads"
    yield arrow("aggregator-to-schema-registry", workers, workloads.SCHEMA_REGISTRY, port, why)
    read = "schemas of the aggregates it reads"
    connect = (workloads.CONNECT,) if any(s.aggregated for s in site.connect_sinks) else ()
    for name, sources, why in (
        (
            "aggregated-schema-registry",
            (workloads.AGGREGATED_REGISTRY,),
            "writes go to the one that leads",
        ),
        (
            "aggregated-schema-registry-setup",
            (workloads.AGGREGATED_REGISTRY_SETUP,),
            "sets its level",
        ),
        ("aggregator", workers, "registers schemas of aggregates"),
        ("connect", connect, read),
        ("telegraf-sink", workloads.readers(site, "telegraf", aggregated=True), read),
    ):
        port = contract.AGGREGATED_SCHEMA_REGISTRY.port
        target = workloads.AGGREGATED_REGISTRY
        yield arrow(f"{name}-to-aggregated-schema-registry", sources, target, port, why)
