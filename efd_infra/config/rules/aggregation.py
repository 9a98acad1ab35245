"""Rules of the aggregator, of what reads its topics, and of what must not."""

from collections.abc import Iterator

from efd_infra.config.aggregation import (
    AGGREGATED_SCHEMAS_TOPIC,
    AGGREGATOR_DEAD_LETTERS,
    AGGREGATOR_TOPICS,
    SESSION,
    TASKS,
)
from efd_infra.config.mistake import Mistake
from efd_infra.config.sal import AGGREGATED_SUFFIX, TELEMETRY
from efd_infra.config.site import Site
from efd_infra.config.values import Duration, TopicPattern

_AGGREGATION = "streaming.aggregation"
_DAY = Duration("1d")
_TELEMETRY = "lsst.sal.X.x"
"""A topic as short as telemetry can be."""


def _reaches_telemetry(pattern: TopicPattern) -> bool:
    """Tell whether a name that begins as all of ``pattern`` do may be one of telemetry."""
    if pattern.literal:
        return TELEMETRY.matches(pattern.literal)
    prefix = pattern.prefix
    ends = ("", "x", ".x", _TELEMETRY.removeprefix(prefix))
    return any(TELEMETRY.matches(prefix + end) for end in ends)


def _asks_for_aggregates(pattern: TopicPattern) -> bool:
    """Tell whether ``pattern`` is written for topics of aggregates."""
    return pattern.endswith(AGGREGATED_SUFFIX)


def aggregates_are_of_telemetry(site: Site) -> Iterator[Mistake]:
    """Events and commands have no windows, and statistics of statistics would have no end."""
    section = site.streaming.aggregation
    if section and (_asks_for_aggregates(section.topics) or not _reaches_telemetry(section.topics)):
        yield Mistake(
            f"{_AGGREGATION}.topics",
            section.topics,
            f"a pattern of SAL's telemetry, such as lsst\\.sal\\.MTMount\\..*, without "
            f"{AGGREGATED_SUFFIX}",
        )


def windows_outlast_a_worker(site: Site) -> Iterator[Mistake]:
    """The windows of a worker that died must still be open when another takes them over.

    By the clock they would all be closed at that moment, without the records that wait in Kafka.
    """
    section = site.streaming.aggregation
    if section and section.closes_after.seconds <= SESSION.seconds:
        yield Mistake(
            f"{_AGGREGATION}.closesAfter",
            section.closes_after,
            f"more than {SESSION}, after which Kafka takes a worker that says nothing for dead",
        )


def windows_outlast_their_grace(site: Site) -> Iterator[Mistake]:
    """A window that is closed by the clock would refuse a record that its grace lets in."""
    section = site.streaming.aggregation
    if section and section.closes_after.seconds <= section.grace.seconds:
        yield Mistake(
            f"{_AGGREGATION}.closesAfter", section.closes_after, f"more than grace, {section.grace}"
        )


def windows_divide_the_day(site: Site) -> Iterator[Mistake]:
    """Windows begin at whole numbers of their length since 1970: they must begin with a day."""
    section = site.streaming.aggregation
    if section and _DAY.seconds % section.window.seconds:
        yield Mistake(
            f"{_AGGREGATION}.window", section.window, "a part of a day, such as 1s or 10s"
        )


def every_thread_has_work(site: Site) -> Iterator[Mistake]:
    """A thread beyond the number of tasks would only wait."""
    section = site.streaming.aggregation
    if section and section.workers * section.threads > TASKS:
        yield Mistake(
            f"{_AGGREGATION}.workers",
            str(section.workers),
            f"with {section.threads} threads each at most {TASKS // section.threads}: the work has "
            f"{TASKS} parts",
        )


def sinks_of_aggregates_have_some(site: Site) -> Iterator[Mistake]:
    """Without an aggregator there is neither a topic nor a registry to read."""
    for index, sink in enumerate(site.streaming.connectors):
        if sink.aggregated and site.streaming.aggregation is None:
            yield Mistake(
                f"streaming.connectors.{index}.aggregated",
                "true",
                f"absent, because {_AGGREGATION} is",
            )


def sinks_say_topics_of_records(site: Site) -> Iterator[Mistake]:
    """Which topics are of aggregates follows from ``aggregated``."""
    for index, sink in enumerate(site.streaming.connectors):
        for field in ("topics", "excluded"):
            pattern: TopicPattern | None = getattr(sink, field)
            if pattern and _asks_for_aggregates(pattern):
                yield Mistake(
                    f"streaming.connectors.{index}.{field}",
                    pattern,
                    f"a pattern without {AGGREGATED_SUFFIX}: say aggregated: true",
                )


def aggregates_have_one_time(site: Site) -> Iterator[Mistake]:
    """An aggregate has the beginning of its window, whichever field of records that is from."""
    for index, sink in enumerate(site.streaming.connectors):
        if sink.aggregated and "timestamp" in sink.model_fields_set:
            yield Mistake(
                f"streaming.connectors.{index}.timestamp",
                sink.timestamp,
                f"absent, because aggregated is true: the time is a window's; "
                f"{_AGGREGATION}.timestamp says of what",
            )


def aggregates_have_a_database_of_their_own(site: Site) -> Iterator[Mistake]:
    """Among records, tiers would take them for measurements of SAL, and average averages."""
    tiered = {database.name for database in site.timeseries.downsampled}
    for index, sink in enumerate(site.streaming.connectors):
        if sink.aggregated and sink.database in tiered:
            yield Mistake(
                f"streaming.connectors.{index}.database",
                sink.database,
                "a database without tiers, because aggregated is true",
            )


def dead_letters_are_told_apart(site: Site) -> Iterator[Mistake]:
    """Two who write into one topic of dead letters would be taken for each other."""
    for index, sink in enumerate(site.streaming.connectors if site.streaming.aggregation else ()):
        if sink.engine == "connect" and sink.dead_letter_topic == AGGREGATOR_DEAD_LETTERS:
            yield Mistake(
                f"streaming.connectors.{index}.name",
                sink.name,
                f"another name, because {_AGGREGATION} has it",
            )


def mirrors_leave_aggregates_where_they_are(site: Site) -> Iterator[Mistake]:
    """Their schemas are in a registry that no mirror reads, whose numbers are others here."""
    own = (AGGREGATED_SCHEMAS_TOPIC, AGGREGATOR_TOPICS)
    for index, pattern in enumerate(site.replication.topics if site.replication else ()):
        if _asks_for_aggregates(pattern) or pattern.prefix.startswith(own):
            yield Mistake(
                f"replication.topics.{index}",
                pattern,
                f"a pattern of a producer's topics: aggregates are made here, by {_AGGREGATION}",
            )


RULES = (
    aggregates_are_of_telemetry,
    windows_outlast_a_worker,
    windows_outlast_their_grace,
    windows_divide_the_day,
    every_thread_has_work,
    sinks_of_aggregates_have_some,
    sinks_say_topics_of_records,
    aggregates_have_one_time,
    aggregates_have_a_database_of_their_own,
    dead_letters_are_told_apart,
    mirrors_leave_aggregates_where_they_are,
)
