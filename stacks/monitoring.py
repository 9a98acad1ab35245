"""The monitoring layer: Telegraf and what it scrapes."""

from collections.abc import Sequence

import pulumi

from efd_infra.components.monitoring.telegraf import Telegraf, TelegrafArgs
from efd_infra.config import contract
from efd_infra.config.contract import ServiceAddress, connect_manager, jmx_service
from efd_infra.config.published_name import published_names
from efd_infra.config.site import Site
from efd_infra.manifests.telegraf_sink import companion_service
from stacks.foundation import FoundationLayer


def deploy_monitoring(
    site: Site, foundation: FoundationLayer, after: Sequence[pulumi.Resource]
) -> None:
    """Deploy Telegraf where the site has a monitoring section."""
    if site.monitoring is None:
        return
    namespace = contract.TELEGRAF_NAMESPACE
    Telegraf(
        "telegraf",
        TelegrafArgs(
            section=site.monitoring,
            platform=foundation.platform,
            namespace=foundation.namespaces[namespace],
            influxdb_url=contract.INFLUXDB.url,
            user_secret=foundation.users["telegraf"].secret_names[namespace],
            scraped=_scraped(site),
            names=published_names(site),
            after=after,
        ),
        foundation.options,
    )


def _scraped(site: Site) -> list[ServiceAddress]:
    """Return the scrape Service of every workload of the site that has one."""
    managers = [connect_manager(sink.name) for sink in site.streaming.sinks("connect")]
    workers = [contract.CONNECT_SCHEMAS] if site.streaming.connect else []
    return [*_java_services(site), *_companions(site), *workers, *managers]


def _java_services(site: Site) -> list[ServiceAddress]:
    """Return the scrape Service of every Java workload that the site has."""
    services = [contract.KAFKA_VIP, contract.SCHEMA_REGISTRY]
    if site.streaming.connect:
        services.append(contract.KAFKA_CONNECT)
    if site.replication:
        services += [contract.MIRROR_MAKER]
    if site.replication and site.replication.schemas:
        services += [contract.MIRROR_MAKER_SCHEMAS]
    return [jmx_service(service) for service in services]


def _companions(site: Site) -> list[ServiceAddress]:
    """Return the Service of the companions of each sink that Telegraf runs."""
    return [companion_service(sink) for sink in site.streaming.sinks("telegraf")]
