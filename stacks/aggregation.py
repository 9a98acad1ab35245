"""The aggregation layer: the aggregator, and the registry of its schemas."""

import pulumi

from efd_infra.components.streaming.aggregator import Aggregator, AggregatorArgs
from efd_infra.components.streaming.schema_registry import SchemaRegistry, SchemaRegistryArgs
from efd_infra.components.streaming.schema_registry_setup import (
    SchemaRegistrySetup,
    SchemaRegistrySetupArgs,
)
from efd_infra.config import contract
from efd_infra.config.site import Site
from efd_infra.manifests.schema_registry import OF_AGGREGATES
from efd_infra.manifests.service_users import AGGREGATED_REGISTRY, AGGREGATOR
from stacks.foundation import FoundationLayer
from stacks.streaming import StreamingLayer


def deploy_aggregation(
    site: Site, foundation: FoundationLayer, streaming: StreamingLayer
) -> tuple[pulumi.Resource, ...]:
    """Deploy the aggregator where the site has one; return what sinks of aggregates wait for."""
    section = site.streaming.aggregation
    if section is None:
        return ()
    namespace = foundation.namespaces[contract.AGGREGATED_SCHEMA_REGISTRY.namespace]
    size, login = section.registry.registry, contract.AGGREGATED_SCHEMA_REGISTRY.namespace
    registry = SchemaRegistry(
        "aggregated-schema-registry",
        SchemaRegistryArgs(
            registry=OF_AGGREGATES,
            section=size,
            platform=foundation.platform,
            namespace=namespace,
            kafka=foundation.kafka_login(AGGREGATED_REGISTRY, login),
            replication_factor=site.streaming.kafka.replication_factor,
            public=None,
            # As after the registry of records: the brokers with their users.
            after=[streaming.registry],
        ),
        foundation.options,
    )
    setup = SchemaRegistrySetup(
        "aggregated-schema-registry-setup",
        SchemaRegistrySetupArgs(
            registry=OF_AGGREGATES,
            section=size,
            platform=foundation.platform,
            namespace=namespace,
            after=[registry.server],
        ),
        foundation.options,
    )
    Aggregator(
        "kafka-aggregator",
        AggregatorArgs(
            section=section,
            platform=foundation.platform,
            namespace=foundation.namespaces[contract.AGGREGATOR.namespace],
            kafka=foundation.kafka_login(AGGREGATOR, contract.AGGREGATOR.namespace),
            replication_factor=site.streaming.kafka.replication_factor,
            max_message=site.streaming.kafka.max_message,
            after=[streaming.registry, setup.job],
        ),
        foundation.options,
    )
    return (registry.server,)
