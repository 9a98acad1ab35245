"""What users may do, in Kafka's words: operations on topics, groups and the cluster.

Operations are Kafka's (https://kafka.apache.org/43/security/authorization-and-acls/). Reading and
writing imply describing, but a rule that says so can be read without knowing that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from efd_infra.config.kafka_user import KafkaUserSection
from efd_infra.config.values import TopicPattern

PRODUCE = ("CREATE", "DESCRIBE", "WRITE")
CONSUME = ("DESCRIBE", "READ")
JOIN = ("DESCRIBE", "READ")
MIRROR = ("DESCRIBE", "DESCRIBE_CONFIGS", "READ")
SEE = ("DESCRIBE", "DESCRIBE_CONFIGS")
KEEP = ("CREATE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE")
"""On a topic that belongs to one service alone, such as Connect's."""
FORWARD = ("CREATE", "DELETE", "DESCRIBE", "READ", "WRITE")
"""On a topic in which one service sends itself records, and deletes those that it has read."""
COPY = ("ALTER", "ALTER_CONFIGS", "CREATE", "DESCRIBE", "DESCRIBE_CONFIGS", "WRITE")
"""On a topic that follows one elsewhere, also in its partitions and settings."""

_EVERYTHING = "*"
_CLUSTER = "kafka-cluster"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Operations on what has one name, or on all whose names begin alike."""

    operations: tuple[str, ...]
    kind: Literal["TOPIC", "GROUP", "TRANSACTIONAL_ID", "CLUSTER"]
    name: str
    prefixed: bool = False

    def rules(self, user: str) -> Iterator[str]:
        """Yield one rule for each operation, with the fields that Kafka lists, between tabs."""
        pattern = "PREFIXED" if self.prefixed else "LITERAL"
        for operation in self.operations:
            fields = (f"User:{user}", "ALLOW", "*", operation, self.kind, pattern, self.name)
            yield "\t".join(fields)


def topic(name: str, operations: tuple[str, ...]) -> Grant:
    """Return the grant on one topic."""
    return Grant(operations=operations, kind="TOPIC", name=name)


def topics(prefix: str, operations: tuple[str, ...]) -> Grant:
    """Return the grant on topics whose names begin with ``prefix``; empty, on all of them."""
    return Grant(
        operations=operations, kind="TOPIC", name=prefix or _EVERYTHING, prefixed=bool(prefix)
    )


def matching(pattern: TopicPattern, operations: tuple[str, ...]) -> Grant:
    """Return the narrowest grant on all topics that match; Kafka knows no regular expressions."""
    name = pattern.literal
    return topic(name, operations) if name else topics(pattern.prefix, operations)


def group(name: str) -> Grant:
    """Return the grant to be a member of one group."""
    return Grant(operations=JOIN, kind="GROUP", name=name)


def groups(prefix: str) -> Grant:
    """Return the grant to be a member of groups whose names begin with ``prefix``."""
    return Grant(operations=JOIN, kind="GROUP", name=prefix, prefixed=True)


def transactions(prefix: str) -> Grant:
    """Return the grant of transactions whose identities begin with ``prefix``."""
    return Grant(
        operations=("DESCRIBE", "WRITE"), kind="TRANSACTIONAL_ID", name=prefix, prefixed=True
    )


def sight() -> tuple[Grant, ...]:
    """Return the grants to see that topics, groups and settings are there, but no record."""
    return (
        topics("", SEE),
        Grant(operations=("DESCRIBE",), kind="GROUP", name=_EVERYTHING),
        Grant(operations=SEE, kind="CLUSTER", name=_CLUSTER),
    )


def of_purposes(user: KafkaUserSection) -> tuple[Grant, ...]:
    """Return what a user of the site file needs for its purposes."""
    return (
        *_each(user.produces, PRODUCE),
        *_each(user.consumes, CONSUME),
        *(groups(prefix) for prefix in user.groups),
        *_each(user.mirrors, MIRROR),
        *(sight() if user.monitors else ()),
    )


def _each(prefixes: Iterable[str], operations: tuple[str, ...]) -> list[Grant]:
    return [topics(prefix, operations) for prefix in prefixes]
