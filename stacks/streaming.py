"""The streaming layer: Kafka, Schema Registry, Connect, Kafdrop."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from efd_infra.components.streaming.connect import Connect, ConnectArgs
from efd_infra.components.streaming.kafdrop import Kafdrop, KafdropArgs
from efd_infra.components.streaming.kafka import Kafka, KafkaArgs
from efd_infra.components.streaming.kafka_features import KafkaFeatures, KafkaFeaturesArgs
from efd_infra.components.streaming.kafka_users import KafkaUsers, KafkaUsersArgs
from efd_infra.components.streaming.schema_registry import SchemaRegistry, SchemaRegistryArgs
from efd_infra.components.streaming.schema_registry_setup import (
    SchemaRegistrySetup,
    SchemaRegistrySetupArgs,
)
from efd_infra.config import contract
from efd_infra.config.site import Site
from efd_infra.manifests.jdbc_sink import DATABASE_USER
from efd_infra.manifests.kafka_users import site_user
from efd_infra.manifests.s3_sink import BUCKET_KEYS
from efd_infra.manifests.schema_registry import OF_RECORDS
from efd_infra.manifests.service_users import CONNECT, KAFDROP, REGISTRY, service_users
from stacks.foundation import FoundationLayer


@dataclass(frozen=True, kw_only=True)
class StreamingLayer:
    """What sinks wait for."""

    registry: pulumi.Resource
    connect: pulumi.Resource | None
    """Absent where the site has no Connect workers."""


def deploy_brokers(site: Site, foundation: FoundationLayer) -> pulumi.Resource:
    """Deploy Kafka with its users; return what its clients wait for."""
    namespace = foundation.namespaces[contract.STREAMING_NAMESPACE]
    kafka = Kafka(
        "kafka",
        KafkaArgs(
            section=site.streaming.kafka,
            platform=foundation.platform,
            namespace=namespace,
            login=foundation.brokers,
            addresses=foundation.broker_addresses,
        ),
        foundation.options,
    )
    if release := site.streaming.kafka.metadata_version:
        KafkaFeatures(
            "kafka-features",
            KafkaFeaturesArgs(
                release=release,
                platform=foundation.platform,
                namespace=namespace,
                login=foundation.brokers,
                after=[kafka.server],
            ),
            foundation.options,
        )
    users = KafkaUsers(
        "kafka-users",
        KafkaUsersArgs(
            section=site.streaming.kafka,
            users=[
                *map(site_user, site.streaming.kafka.users),
                *(service.user for service in service_users(site)),
            ],
            platform=foundation.platform,
            namespace=namespace,
            login=foundation.brokers,
            user_secrets={
                name: user.secret_names[contract.STREAMING_NAMESPACE]
                for name, user in foundation.kafka_users.items()
            },
            after=[kafka.server],
        ),
        foundation.options,
    )
    return users.job


def deploy_streaming(
    site: Site, foundation: FoundationLayer, after: Sequence[pulumi.Resource]
) -> StreamingLayer:
    """Deploy what serves records: the registry, the Connect workers, Kafdrop."""
    registry = _registry(site, foundation, after)
    connect = _connect(site, foundation, [registry.server])
    _kafdrop(site, foundation, [registry.server])
    return StreamingLayer(registry=registry.server, connect=connect)


def _connect(
    site: Site, foundation: FoundationLayer, after: Sequence[pulumi.Resource]
) -> pulumi.Resource | None:
    section = site.streaming.connect
    if section is None:
        return None
    connect = Connect(
        "connect",
        ConnectArgs(
            section=section,
            platform=foundation.platform,
            namespace=foundation.namespaces[contract.STREAMING_NAMESPACE],
            kafka=foundation.kafka_login(CONNECT, contract.STREAMING_NAMESPACE),
            registry_url=contract.SCHEMA_REGISTRY.url,
            aggregated_registry_url=contract.AGGREGATED_SCHEMA_REGISTRY.url
            if any(sink.aggregated for sink in site.connect_sinks)
            else None,
            schemas_come_late=site.replication is not None and site.replication.schemas,
            replication_factor=site.streaming.kafka.replication_factor,
            max_message=site.streaming.kafka.max_message,
            influxdb_secret=foundation.users["efdwriter"].secret_names[
                contract.STREAMING_NAMESPACE
            ],
            further_secrets=_archive_secrets(site),
            after=after,
        ),
        foundation.options,
    )
    return connect.server


def _archive_secrets(site: Site) -> dict[str, str]:
    """Return the Secrets of what connectors write to beside InfluxDB, by their directories."""
    archive = site.archive
    sections = {
        BUCKET_KEYS: archive and archive.parquet,
        DATABASE_USER: archive and archive.database,
    }
    return {directory: section.secret for directory, section in sections.items() if section}


def _registry(
    site: Site, foundation: FoundationLayer, after: Sequence[pulumi.Resource]
) -> SchemaRegistry:
    section = site.streaming.schema_registry
    registry = SchemaRegistry(
        "schema-registry",
        SchemaRegistryArgs(
            registry=OF_RECORDS,
            section=section,
            platform=foundation.platform,
            namespace=foundation.namespaces[contract.STREAMING_NAMESPACE],
            kafka=foundation.kafka_login(REGISTRY, contract.STREAMING_NAMESPACE),
            replication_factor=site.streaming.kafka.replication_factor,
            public=site.endpoint(section.host) if section.host else None,
            after=after,
        ),
        foundation.options,
    )
    if section.may_write:
        SchemaRegistrySetup(
            "schema-registry-setup",
            SchemaRegistrySetupArgs(
                registry=OF_RECORDS,
                section=section,
                platform=foundation.platform,
                namespace=foundation.namespaces[contract.STREAMING_NAMESPACE],
                after=[registry.server],
            ),
            foundation.options,
        )
    return registry


def _kafdrop(site: Site, foundation: FoundationLayer, after: Sequence[pulumi.Resource]) -> None:
    section = site.streaming.kafdrop
    if section is None or foundation.kafdrop_login is None:
        return
    Kafdrop(
        "kafdrop",
        KafdropArgs(
            section=section,
            platform=foundation.platform,
            namespace=foundation.namespaces[contract.KAFDROP.namespace],
            kafka=foundation.kafka_login(KAFDROP, contract.KAFDROP.namespace),
            registry_url=contract.SCHEMA_REGISTRY.url,
            public=site.endpoint(section.host),
            login_secret=foundation.kafdrop_login,
            after=after,
        ),
        foundation.options,
    )
