"""Rules that span fields: each is a named function from a site to its mistakes.

They run only when every field by itself is right; their mistakes are reported together.
"""

from collections.abc import Callable, Iterable, Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.rules import (
    aggregation,
    alerts,
    archive,
    backup,
    brokers,
    cloud,
    connect,
    dns,
    downsampling,
    endpoints,
    kafka_users,
    listeners,
    resources,
    streaming,
    timeseries,
)
from efd_infra.config.site import Site

Rule = Callable[[Site], Iterable[Mistake]]

RULES: tuple[Rule, ...] = (
    *streaming.RULES,
    *aggregation.RULES,
    *brokers.RULES,
    *listeners.RULES,
    *connect.RULES,
    *kafka_users.RULES,
    *timeseries.RULES,
    *downsampling.RULES,
    *alerts.RULES,
    *endpoints.RULES,
    *dns.RULES,
    *resources.RULES,
    *backup.RULES,
    *archive.RULES,
    *cloud.RULES,
)


def mistakes(site: Site) -> Iterator[Mistake]:
    """Yield every mistake that spans fields of ``site``."""
    for rule in RULES:
        yield from rule(site)
