"""What a page says of a site's records: brokers, their users, sinks, the aggregator, the mirror."""

from collections.abc import Iterable, Iterator

from efd_infra.config.archive import ConnectSinkSection, ParquetSinkSection
from efd_infra.config.kafka_user import KafkaUserSection
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.manifests.grants import Grant
from efd_infra.manifests.service_users import service_users
from pages.markdown import code, codes, table
from pages.published_site import PublishedSite


def brokers(published: PublishedSite) -> str:
    """Return the settings of the brokers that users ask for."""
    kafka = published.site.streaming.kafka
    registry = published.site.streaming.schema_registry
    external = kafka.external
    ways = [
        f"{listener.name.lower()}: port {listener.port}, {listener.protocol}"
        for listener in kafka.listeners
    ]
    rows = (
        ("Brokers", f"{kafka.brokers}, of which {kafka.controllers} are controllers"),
        ("Retention of records", str(kafka.retention)),
        ("Retention of consumers' positions", str(kafka.offsets_retention)),
        ("Copies of each record", str(kafka.replication_factor)),
        ("Copies before a producer is answered", str(kafka.min_in_sync_replicas)),
        ("Largest batch", str(kafka.max_message)),
        ("Ingest that sizes are made for", f"{kafka.ingest_per_day} a day"),
        ("Metadata's release", kafka.metadata_version or "as it is"),
        ("Topics made by a first record", "yes" if kafka.auto_create_topics else "no"),
        ("Ways in", "; ".join(ways)),
        (
            "Outside the cluster",
            f"{code(external.address)}, by Services of type {external.type}"
            if external
            else "none",
        ),
        (
            "Schemas",
            f"{registry.compatibility}, {registry.mode}"
            if registry.may_write
            else "mirrored: nobody registers one here",
        ),
    )
    return table(("What", "Value"), rows)


def users(published: PublishedSite) -> str:
    """Return who may log in, and what each may do."""
    site = published.site
    own = [
        (code(user.name), "clients", "; ".join(_purposes(user)) or "nothing", _quota(user))
        for user in site.streaming.kafka.users
    ]
    services = [
        (
            code(service.user.name),
            code(service.namespace),
            "; ".join(_grants(service.user.grants)),
            "",
        )
        for service in service_users(site)
    ]
    nobody = "" if own else "No clients outside this program have a user.\n\n"
    anonymous = (
        "\nWithout a login, clients in the cluster may create and write topics of SAL.\n"
        if site.streaming.kafka.internal.anonymous
        else ""
    )
    return nobody + table(("User", "Where", "May", "Quota"), [*own, *services]) + anonymous


def _purposes(user: KafkaUserSection) -> Iterator[str]:
    for purpose, prefixes in (
        ("produce", user.produces),
        ("consume", user.consumes),
        ("be in groups", user.groups),
        ("mirror", user.mirrors),
    ):
        if prefixes:
            yield f"{purpose} {codes(f'{prefix}*' for prefix in prefixes)}"
    if user.monitors:
        yield "see all topics, groups and settings"


def _quota(user: KafkaUserSection) -> str:
    limits = (("writes", user.quota.produce), ("reads", user.quota.consume))
    return ", ".join(f"{what} {limit}/s" for what, limit in limits if limit)


def _grants(grants: Iterable[Grant]) -> Iterator[str]:
    for grant in grants:
        name = f"{grant.name}*" if grant.prefixed else grant.name
        kind = grant.kind.lower().replace("_", " ")
        yield f"{', '.join(map(str.lower, grant.operations))} {kind} {code(name)}"


def sinks(published: PublishedSite) -> str:
    """Return what reads records and writes them elsewhere."""
    site = published.site
    archived = site.archive.sinks if site.archive else ()
    rows = [_sink(sink) for sink in (*site.streaming.connectors, *archived)]
    head = ("Name", "Engine", "Reads", "Without", "Tasks", "Writes to", "What it cannot write")
    return table(head, rows) if rows else ""


def _sink(sink: ConnectSinkSection) -> tuple[str, ...]:
    match sink:
        case InfluxDbSinkSection():
            where, failing = f"database {code(sink.database)}", sink.on_error
        case ParquetSinkSection():
            where, failing = f"bucket {code(sink.bucket)} at <{sink.endpoint}>", "stop"
        case _:
            where, failing = f"{code(sink.database)} at {code(f'{sink.host}:{sink.port}')}", "stop"
    letters = f", dead letters in {code(sink.dead_letter_topic)}"
    of = "statistics of " if sink.aggregated else ""
    return (
        code(sink.name),
        sink.engine,
        f"{of}{code(sink.topics)}",
        code(sink.excluded),
        str(sink.tasks),
        where,
        f"{failing}{letters}" if sink.engine == "connect" else "retry",
    )


def aggregation(published: PublishedSite) -> str:
    """Return which windows are made of which topics."""
    section = published.site.streaming.aggregation
    if section is None:
        return ""
    rows = (
        ("Telemetry of", code(section.topics)),
        ("Without", code(section.excluded)),
        ("Window", f"{section.window}, closed {section.grace} later"),
        ("A silent topic's window", f"closed after {section.closes_after}"),
        ("Time", code(section.timestamp)),
        ("Workers", f"{section.workers}, of {section.threads} threads"),
    )
    return table(("What", "Value"), rows)


def mirror(published: PublishedSite) -> str:
    """Return which site is mirrored, and how."""
    link = published.site.replication
    if link is None:
        return ""
    rows = (
        ("Source", link.source),
        ("Its brokers", code(link.bootstrap)),
        ("Login", f"Secret {code(link.login.secret)} in namespace {code('mirror-maker')}"),
        ("Topics", codes(link.topics)),
        ("Schemas", "mirrored, by a link of their own" if link.schemas else "not mirrored"),
        ("Workers", f"{link.workers}, {link.tasks} tasks"),
        ("Copies of each record here", str(link.replication_factor)),
        ("New topics are looked for", f"each {link.refresh}"),
        ("Outage that loses nothing", f"{link.outage_budget}, with a link of {link.rate}"),
    )
    return table(("What", "Value"), rows)
