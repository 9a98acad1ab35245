"""Kafka's users and what each may do, as the script that sets them reads it.

Operations are Kafka's (https://kafka.apache.org/43/security/authorization-and-acls/). Reading and
writing imply describing, but a rule that says so can be read without knowing that.
"""

from collections.abc import Iterable, Iterator

from efd_infra.config.identifier import Prefix
from efd_infra.config.kafka_user import KafkaUserSection

_PRODUCE = ("CREATE", "DESCRIBE", "WRITE")
_CONSUME = ("DESCRIBE", "READ")
_JOIN = ("DESCRIBE", "READ")
_MIRROR = ("DESCRIBE", "DESCRIBE_CONFIGS", "READ")


def user_names(users: Iterable[KafkaUserSection]) -> str:
    """Return one name a line."""
    return "".join(f"{name}\n" for name in sorted(user.name for user in users))


def user_rules(users: Iterable[KafkaUserSection]) -> str:
    """Return one rule a line: principal, permission, host, operation, and what it is about.

    The fields are those that Kafka lists, separated by tabs.
    """
    return "".join(sorted({f"{rule}\n" for user in users for rule in _rules(user)}))


def _rules(user: KafkaUserSection) -> Iterator[str]:
    yield from _on("TOPIC", user, user.produces, _PRODUCE)
    yield from _on("TOPIC", user, user.consumes, _CONSUME)
    yield from _on("GROUP", user, user.groups, _JOIN)
    yield from _on("TOPIC", user, user.mirrors, _MIRROR)


def _on(
    kind: str, user: KafkaUserSection, prefixes: Iterable[Prefix], operations: Iterable[str]
) -> Iterator[str]:
    for prefix in prefixes:
        for operation in operations:
            yield "\t".join(
                (f"User:{user.name}", "ALLOW", "*", operation, kind, "PREFIXED", prefix)
            )
