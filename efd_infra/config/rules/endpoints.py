"""Rules of public hosts."""

from collections import Counter
from collections.abc import Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.published_name import web_hosts
from efd_infra.config.site import Site


def hosts_are_unique(site: Site) -> Iterator[Mistake]:
    """One host leads to one service; a broker's name may serve a page too, as at NCSA."""
    hosts = web_hosts(site)
    count = Counter(hosts.values())
    for path, host in hosts.items():
        if count[host] > 1:
            yield Mistake(path, host, "a host used once")


def source_ranges_have_a_host(site: Site) -> Iterator[Mistake]:
    """Source ranges restrict the public host; without one they would do nothing."""
    registry = site.streaming.schema_registry
    if registry.source_ranges and not registry.host:
        yield Mistake(
            "streaming.schemaRegistry.sourceRanges",
            ", ".join(registry.source_ranges),
            "absent, because streaming.schemaRegistry.host is absent",
        )


RULES = (hosts_are_unique, source_ranges_have_a_host)
