"""The table of sites, as the technote begins with it."""

from collections.abc import Sequence

from efd_infra.config.contract import KAFKA_BROKERS
from pages.markdown import GENERATED_NOTE, code, table
from pages.published_site import PublishedSite

_HEAD = """# Sites

Every site that this repository has, and where its users dial. `pulumi stack output` says the same
of a site that is deployed. A page of its own tells the rest of each.

"""

_NOTES = f"""
- **Kafka** is the address for clients outside the cluster; they log in over TLS. Clients in the
  same cluster, such as SAL producers, dial
  `{KAFKA_BROKERS.address}` at every site.
- **EFD client** is the name that `EfdClient("…")` takes.
- Services inside a cluster have the same names at every site; [flows.md](flows.md) lists who
  dials whom.

## Who mirrors whom

![All sites, who writes to them, which of them mirrors another, and who reads](topology.svg)

"""


def sites_page(sites: Sequence[PublishedSite]) -> str:
    """Return the page."""
    head = (
        "Site",
        "What it is",
        "EFD client",
        "Chronograf",
        "InfluxDB API",
        "Schema Registry",
        "Kafdrop",
        "Kafka",
    )
    listed = table(head, map(_row, sites))
    mirrors = table(
        ("Site", "Mirrors", "From", "Topics", "As the user of"),
        (
            (_link(site.name), link.source, code(link.bootstrap), _topics(link.topics), _user(site))
            for site in sites
            if (link := site.site.replication)
        ),
    )
    return f"{GENERATED_NOTE}{_HEAD}{listed}{_NOTES}{mirrors}"


def _row(published: PublishedSite) -> tuple[str, ...]:
    site = published.site
    timeseries, streaming = site.timeseries, site.streaming
    hosts = (
        timeseries.chronograf and timeseries.chronograf.host,
        timeseries.influxdb.host,
        streaming.schema_registry.host,
        streaming.kafdrop and streaming.kafdrop.host,
    )
    external = streaming.kafka.external
    return (
        _link(published.name),
        published.about.rstrip("."),
        code(site.alias),
        *(f"<{site.endpoint(host).url}>" if host else "" for host in hosts),
        code(external.address if external else f"{KAFKA_BROKERS.address}"),
    )


def _link(name: str) -> str:
    return f"[{name}](sites/{name}.md)"


def _topics(patterns: Sequence[str]) -> str:
    return ", ".join(code(pattern) for pattern in patterns)


def _user(published: PublishedSite) -> str:
    link = published.site.replication
    return f"Secret {code(link.login.secret)}" if link else ""
