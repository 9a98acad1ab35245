"""SAL's topics as patterns: all of them, those that are telemetry, and the statistics of these."""

from efd_infra.config.values import TopicPattern

SAL_TOPICS = TopicPattern(r"lsst\.sal\..*")
"""Everything that the Service Abstraction Layer publishes (lsst-ts/ts_salkafka)."""

TELEMETRY = TopicPattern(r"lsst\.sal\.[A-Za-z0-9]+\.(?!ackcmd$|command_|logevent_)[A-Za-z0-9_]+")
"""Neither commands with their acknowledgements nor events. A name of SAL has no hyphen, so that
topics of statistics are none of these."""

AGGREGATED_SUFFIX = "-aggregated"
"""What the aggregator puts behind a topic's name (``lsst-sqre/kafka-aggregator``)."""

AGGREGATED = TopicPattern(f".*{AGGREGATED_SUFFIX}")
"""Topics of statistics."""


def aggregates_of(pattern: TopicPattern) -> TopicPattern:
    """Return the pattern of what is made of the topics that ``pattern`` matches."""
    raw = f"(?:{pattern})" if "|" in pattern else pattern
    return TopicPattern(f"{raw}{AGGREGATED_SUFFIX}")
