"""What a site may do but its operators should know."""

from collections.abc import Iterator

from efd_infra.config.site import Site


def site_warnings(site: Site) -> Iterator[str]:
    """Yield one sentence for each doubtful, allowed choice."""
    cluster, kafka = site.cluster, site.streaming.kafka
    if cluster.nodes < kafka.replication_factor:
        yield (
            f"streaming.kafka.replicationFactor is {kafka.replication_factor} on "
            f"{cluster.nodes} node(s): the loss of one node can lose more than one copy"
        )
    if not cluster.enforces_storage_size and kafka.storage.size.bytes < kafka.storage_needed.bytes:
        yield (
            f"streaming.kafka.storage.size is {kafka.storage.size}, but the brokers will hold "
            f"{kafka.storage_needed} each; the storage class will not stop them"
        )
    if site.streaming.schema_registry.host and not site.streaming.schema_registry.source_ranges:
        yield "streaming.schemaRegistry.host answers every network: name its sourceRanges"
    if site.backup and site.monitoring is None:
        yield "backup has no monitoring beside it: nobody notices when copies become old"
    if site.backup and site.backup.claim:
        yield "backup.claim is a volume of the same cluster: what destroys one destroys both"
    if kafka.external and not kafka.users:
        yield "streaming.kafka.external demands a login, but there are no users: nobody gets in"
    kapacitor = site.timeseries.kapacitor
    if kapacitor and not kapacitor.handlers.any:
        yield "timeseries.kapacitor.handlers names nobody: alerts are raised, and nobody is told"
