"""The monitoring layer: Telegraf and what it scrapes."""

from collections.abc import Sequence

import pulumi

from efd_infra.components.monitoring.telegraf import Telegraf, TelegrafArgs
from efd_infra.components.monitoring.telegraf_nodes import TelegrafNodes, TelegrafNodesArgs
from efd_infra.config import contract
from efd_infra.config.published_name import published_names
from efd_infra.config.site import Site
from efd_infra.manifests.scraped import scraped_services
from efd_infra.manifests.telegraf import broker_url
from stacks.foundation import FoundationLayer


def deploy_monitoring(
    site: Site, foundation: FoundationLayer, after: Sequence[pulumi.Resource]
) -> None:
    """Deploy Telegraf where the site has a monitoring section, on nodes where that says so."""
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
            brokers=[broker_url(number) for number in range(site.streaming.kafka.brokers)],
            scraped=[service.address for service in scraped_services(site)],
            names=published_names(site),
            after=after,
        ),
        foundation.options,
    )
    if site.monitoring.nodes is None:
        return
    TelegrafNodes(
        "telegraf-nodes",
        TelegrafNodesArgs(
            section=site.monitoring,
            nodes=site.monitoring.nodes,
            platform=foundation.platform,
            namespace=foundation.namespaces[namespace],
            influxdb_url=contract.INFLUXDB.url,
            user_secret=foundation.users["telegraf"].secret_names[namespace],
            after=after,
        ),
        foundation.options,
    )
