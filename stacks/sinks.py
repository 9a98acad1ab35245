"""The sinks: what carries records from Kafka into InfluxDB and the consolidated database."""

from collections.abc import Sequence

import pulumi

from efd_infra.components.streaming.connect_manager import ConnectManager, ConnectManagerArgs
from efd_infra.components.streaming.telegraf_sink import TelegrafSink, TelegrafSinkArgs
from efd_infra.config import contract
from efd_infra.config.contract import ServiceAddress
from efd_infra.config.site import Site
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.manifests.service_users import CONNECT_MANAGER, sink_user
from stacks.foundation import FoundationLayer
from stacks.streaming import StreamingLayer


def deploy_sinks(
    site: Site,
    foundation: FoundationLayer,
    streaming: StreamingLayer,
    after: Sequence[pulumi.Resource],
) -> None:
    """Deploy each sink of the site with its engine."""
    _connectors(site, foundation, streaming, after)
    for section in site.streaming.sinks("telegraf"):
        TelegrafSink(
            section.name,
            TelegrafSinkArgs(
                section=section,
                platform=foundation.platform,
                namespace=foundation.namespaces[contract.TELEGRAF_NAMESPACE],
                kafka=foundation.kafka_login(sink_user(section), contract.TELEGRAF_NAMESPACE),
                registry_url=_registry(section).url,
                influxdb_url=contract.INFLUXDB.url,
                max_message=site.streaming.kafka.max_message,
                user_secret=foundation.users["efdwriter"].secret_names[contract.TELEGRAF_NAMESPACE],
                after=[streaming.registry, *after],
            ),
            foundation.options,
        )


def _registry(sink: InfluxDbSinkSection) -> ServiceAddress:
    """Return the registry that has the schemas of what a sink reads."""
    return contract.AGGREGATED_SCHEMA_REGISTRY if sink.aggregated else contract.SCHEMA_REGISTRY


def _connectors(
    site: Site,
    foundation: FoundationLayer,
    streaming: StreamingLayer,
    after: Sequence[pulumi.Resource],
) -> None:
    sections = site.connect_sinks
    if streaming.connect is None or not sections:
        return
    ConnectManager(
        "connect-manager",
        ConnectManagerArgs(
            sections=sections,
            platform=foundation.platform,
            namespace=foundation.namespaces[contract.CONNECT_MANAGER_NAMESPACE],
            kafka=foundation.kafka_login(CONNECT_MANAGER, contract.CONNECT_MANAGER_NAMESPACE),
            connect_url=contract.KAFKA_CONNECT.url,
            influxdb_url=contract.INFLUXDB.url,
            replication_factor=site.streaming.kafka.replication_factor,
            max_message=site.streaming.kafka.max_message,
            after=(streaming.connect, *after),
        ),
        foundation.options,
    )
