"""Kafka's users, what each may do and how much, as the script that sets them reads it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from efd_infra.config.kafka import KafkaSection
from efd_infra.config.kafka_user import KafkaUserSection, QuotaSection
from efd_infra.config.sal import SAL_TOPICS
from efd_infra.manifests.grants import PRODUCE, Grant, matching, of_purposes

_ANONYMOUS = "ANONYMOUS"
"""How Kafka calls whoever did not log in."""


@dataclass(frozen=True, kw_only=True)
class KafkaUser:
    """Who logs in, and what for."""

    name: str
    grants: tuple[Grant, ...]
    quota: QuotaSection | None = None
    generation: int = 1
    """Of its password."""


def site_user(section: KafkaUserSection) -> KafkaUser:
    """Return a user of the site file."""
    return KafkaUser(
        name=section.name,
        grants=of_purposes(section),
        quota=section.quota,
        generation=section.generation,
    )


def anonymous_grants(section: KafkaSection) -> tuple[Grant, ...]:
    """Return what whoever did not log in may do: nothing, or what SAL's producers must."""
    return (matching(SAL_TOPICS, PRODUCE),) if section.internal.anonymous else ()


def user_names(users: Iterable[KafkaUser]) -> str:
    """Return one name a line."""
    return "".join(f"{name}\n" for name in sorted(user.name for user in users))


def user_rules(users: Iterable[KafkaUser], anonymous: Iterable[Grant] = ()) -> str:
    """Return one rule a line: principal, permission, host, operation, and what it is about."""
    rules = {rule for user in users for grant in user.grants for rule in grant.rules(user.name)}
    rules |= {rule for grant in anonymous for rule in grant.rules(_ANONYMOUS)}
    return "".join(f"{rule}\n" for rule in sorted(rules))


def user_quotas(users: Iterable[KafkaUser]) -> str:
    """Return one quota a line: user, Kafka's name of it, bytes per second; between tabs."""
    return "".join(sorted(line for user in users for line in _quotas(user)))


def _quotas(user: KafkaUser) -> Iterator[str]:
    if user.quota is None:
        return
    rates = {
        "producer_byte_rate": user.quota.produce,
        "consumer_byte_rate": user.quota.consume,
    }
    for name, rate in rates.items():
        if rate:
            yield f"{user.name}\t{name}\t{rate.bytes}\n"
