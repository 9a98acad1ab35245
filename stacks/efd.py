"""The EFD of SQR-034: each layer on top of the ones before."""

import pulumi

from efd_infra.config.secrets import Secrets
from efd_infra.config.site import Site
from efd_infra.config.warnings import site_warnings
from stacks.aggregation import deploy_aggregation
from stacks.backup import deploy_backup
from stacks.cloud import deploy_cloud
from stacks.foundation import deploy_foundation
from stacks.monitoring import deploy_monitoring
from stacks.names import deploy_names
from stacks.network import deploy_network
from stacks.outputs import SiteOutputs
from stacks.replication import deploy_replication
from stacks.sinks import deploy_sinks
from stacks.streaming import deploy_brokers, deploy_streaming
from stacks.timeseries import deploy_timeseries


def deploy(site: Site, secrets: Secrets) -> SiteOutputs:
    """Deploy every layer that the site describes, each on top of the ones before."""
    for warning in site_warnings(site):
        pulumi.log.warn(warning)
    foundation = deploy_network(site, deploy_foundation(site, secrets, deploy_cloud(site)))
    brokers = deploy_brokers(site, foundation)
    mirror = deploy_replication(site, foundation, brokers)
    streaming = deploy_streaming(site, foundation, (brokers, *mirror))
    aggregates = deploy_aggregation(site, foundation, streaming)
    timeseries = deploy_timeseries(site, foundation)
    deploy_sinks(site, foundation, streaming, (timeseries.databases, *aggregates))
    deploy_monitoring(site, foundation, (timeseries.databases,))
    deploy_backup(site, foundation)
    deploy_names(site)
    return SiteOutputs.of(site, foundation)
