"""What the brokers tell a client that has logged in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from verify.finding import Finding
from verify.handshake import TIMEOUT
from verify.plan import Plan, User


def ask(plan: Plan, user: User, authority: Path | None) -> list[Finding]:
    """Log in and compare what each broker advertises with the plan."""
    subject = f"login of {user.name}"
    try:
        told = _advertised(str(plan.bootstrap), user, authority)
    except KafkaException as failure:
        error = failure.args[0]
        return [
            Finding(subject, "login", "wrong", f"{plan.bootstrap}: {error.str()}"),
            Finding("brokers", "advertised", "unasked", "nobody could log in"),
        ]
    planned = dict(enumerate(plan.brokers))
    brokers = sorted({*planned, *told})
    return [
        Finding(subject, "login", "right", f"{user.mechanism} at {plan.bootstrap}"),
        *(_compare(broker, planned.get(broker), told.get(broker)) for broker in brokers),
    ]


def _compare(broker: int, planned: str | None, told: str | None) -> Finding:
    subject = f"broker {broker}"
    if planned == told:
        return Finding(subject, "advertised", "right", str(told))
    if told is None:
        return Finding(subject, "advertised", "wrong", f"is away; planned at {planned}")
    expected = f"planned {planned}" if planned else "planned is no such broker"
    return Finding(subject, "advertised", "wrong", f"{told}; {expected}")


def _advertised(bootstrap: str, user: User, authority: Path | None) -> Mapping[int, str]:
    """Return `host:port` of each broker that the cluster knows, by its number."""
    errors: list[KafkaError] = []
    settings: dict[str, Any] = {
        "bootstrap.servers": bootstrap,
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": user.mechanism,
        "sasl.username": user.name,
        "sasl.password": user.password,
        "socket.connection.setup.timeout.ms": TIMEOUT * 1000,
        "log_level": 0,
        # What a broker that cannot be reached says comes here, and nowhere else.
        "error_cb": errors.append,
    }
    if authority:
        settings["ssl.ca.location"] = str(authority)
    client = AdminClient(settings)
    try:
        metadata = client.list_topics(timeout=TIMEOUT)
    except KafkaException:
        client.poll(0)
        refusals = [error for error in errors if error.code() != KafkaError._ALL_BROKERS_DOWN]  # noqa: SLF001 -- its name in librdkafka
        if not refusals:
            raise
        raise KafkaException(refusals[0]) from None
    return {broker.id: f"{broker.host}:{broker.port}" for broker in metadata.brokers.values()}
