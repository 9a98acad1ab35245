"""Rules between a mirror and its source: two files that must agree.

They run when the file of this site is right by itself and that of the source lies beside it.
"""

from collections.abc import Callable, Iterable, Iterator

from efd_infra.config.mistake import Mistake, SiteError
from efd_infra.config.replication import ReplicationSection
from efd_infra.config.schema_registry import SCHEMAS_TOPIC
from efd_infra.config.site import Site
from efd_infra.config.sites import FindSite

_HOUR = 3600
_DAY = 24 * _HOUR
_MEGABYTE = 10**6

SourceRule = Callable[[ReplicationSection, Site], Iterable[Mistake]]


def _ingest(source: Site) -> float:
    """Return the bytes that the source takes in per second."""
    return source.streaming.kafka.ingest_per_day.bytes / _DAY


def bootstrap_is_the_sources(mirror: ReplicationSection, source: Site) -> Iterator[Mistake]:
    """The address is written twice, in files that different people look after."""
    external = source.streaming.kafka.external
    if external is None:
        yield Mistake("replication.source", source.name, "a site with streaming.kafka.external")
        return
    if mirror.bootstrap != external.address:
        yield Mistake(
            "replication.bootstrap",
            mirror.bootstrap,
            f"{external.address}, the listener of {source.name}",
        )


def a_user_may_mirror(mirror: ReplicationSection, source: Site) -> Iterator[Mistake]:
    """A topic that the user may not read does not fail: it looks as if it did not exist."""
    needed = [pattern.prefix for pattern in mirror.topics]
    needed += [SCHEMAS_TOPIC] if mirror.schemas else []
    users = [user for user in source.streaming.kafka.users if user.mirrors]
    if any(all(topic.startswith(user.mirrors) for topic in needed) for user in users):
        return
    known = "; ".join(f"{user.name}: {', '.join(user.mirrors)}" for user in users) or "none"
    with_schemas = f", with {SCHEMAS_TOPIC}," if mirror.schemas else ""
    yield Mistake(
        "replication.topics",
        ", ".join(mirror.topics),
        f"topics that{with_schemas} one user of {source.name} mirrors ({known})",
    )


def records_of_the_source_fit(mirror: ReplicationSection, source: Site) -> Iterator[Mistake]:
    """A record larger than the link takes would stop it."""
    least = source.streaming.kafka.max_message
    if mirror.max_message.bytes < least.bytes:
        yield Mistake(
            "replication.maxMessage",
            mirror.max_message,
            f"at least streaming.kafka.maxMessage of {source.name}, {least}",
        )


def an_outage_loses_nothing(mirror: ReplicationSection, source: Site) -> Iterator[Mistake]:
    """Records must outlive the outage and the time in which the link catches up.

    Partitions take turns, so the last record of the backlog may be any of it.
    """
    ingest, rate = _ingest(source), mirror.rate.bytes
    if rate <= ingest:
        yield Mistake(
            "replication.rate",
            mirror.rate,
            f"more than what {source.name} takes in, {ingest / _MEGABYTE:.1f} MB/s",
        )
        return
    outage = mirror.outage_budget.seconds
    catching_up = outage * ingest / (rate - ingest)
    retention = source.streaming.kafka.retention
    if retention.seconds <= outage + catching_up:
        most = retention.seconds * (rate - ingest) / rate
        yield Mistake(
            "replication.outageBudget",
            f"{mirror.outage_budget} (and {catching_up / _HOUR:.1f} h to catch up at "
            f"{mirror.rate} less {ingest / _MEGABYTE:.1f} MB/s of new records)",
            f"less than {most / _HOUR:.1f} h, because {source.name} keeps records for {retention}",
        )


SOURCE_RULES: tuple[SourceRule, ...] = (
    bootstrap_is_the_sources,
    a_user_may_mirror,
    records_of_the_source_fit,
    an_outage_loses_nothing,
)


def source_mistakes(site: Site, find: FindSite) -> Iterator[Mistake]:
    """Yield every mistake between ``site`` and the sites that it mirrors, near and far."""
    mirror = site.replication
    if mirror is None:
        return
    way = [str(site.name)]
    origin: str | None = mirror.source
    while origin is not None and origin not in way:
        way.append(origin)
        try:
            there = find(origin)
        except SiteError as error:
            yield Mistake(
                "replication.source",
                " from ".join(way[1:]),
                f"sites whose own files are right; Pulumi.{origin}.yaml has {error.mistakes[0]}",
            )
            return
        origin = there.replication.source if there and there.replication else None
    if origin is not None and origin == way[0]:
        yield Mistake(
            "replication.source",
            mirror.source,
            "a site that does not mirror this one, because names stay as they are and every "
            f"record would go round for ever: {' from '.join([*way, origin])}",
        )
    if source := find(mirror.source):
        for rule in SOURCE_RULES:
            yield from rule(mirror, source)


def source_warnings(site: Site, find: FindSite) -> Iterator[str]:
    """Yield what could not be checked."""
    mirror = site.replication
    if mirror and find(mirror.source) is None:
        yield (
            f"replication.source is {mirror.source}, which has no file beside this site's: whether "
            "its listener, users, record size and retention fit was not checked"
        )
