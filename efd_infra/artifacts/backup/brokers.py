"""What the brokers keep beside telemetry: how topics are made, and the storage of registries.

BOOTSTRAP      where the brokers answer
LOGIN_DIR      holds ``username`` and ``password``
"""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PATIENCE = 60
"""Seconds that brokers may take to answer."""
_OWN = 1
"""The source of a setting that was made for its topic (``DYNAMIC_TOPIC_CONFIG``)."""

Topics = dict[str, dict[str, Any]]
Record = dict[str, Any]
"""Of a registry's storage: ``key``, ``value`` and ``headers``, as text (see ``_text``)."""


def _settings(environ: Mapping[str, str]) -> dict[str, str]:
    user, password = (
        Path(environ["LOGIN_DIR"], name).read_text(encoding="utf-8")
        for name in ("username", "password")
    )
    return {
        "bootstrap.servers": environ["BOOTSTRAP"],
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanisms": "SCRAM-SHA-512",
        "sasl.username": user,
        "sasl.password": password,
    }


def _admin() -> Any:
    # Only where there are brokers to ask; its types do not know what its documentation names.
    from confluent_kafka import admin  # noqa: PLC0415

    return admin


def topics(environ: Mapping[str, str]) -> Topics:
    """Return every topic's partitions, copies, and the settings that are not the brokers'."""
    admin = _admin()
    brokers = admin.AdminClient(_settings(environ))
    resource = admin.ConfigResource
    found = brokers.list_topics(timeout=PATIENCE).topics
    asked = [resource(resource.Type.TOPIC, name) for name in sorted(found)]
    settings = brokers.describe_configs(asked, request_timeout=PATIENCE) if asked else {}
    own = {
        asked_for.name: {
            entry.name: entry.value for entry in answer.result().values() if entry.source == _OWN
        }
        for asked_for, answer in settings.items()
    }
    return {
        name: {
            "partitions": len(topic.partitions),
            "replicas": max((len(p.replicas) for p in topic.partitions.values()), default=0),
            "settings": own[name],
        }
        for name, topic in sorted(found.items())
    }


def make(environ: Mapping[str, str], wanted: Topics) -> None:
    """Make topics as they were."""
    admin = _admin()
    new = [
        admin.NewTopic(name, topic["partitions"], topic["replicas"], config=topic["settings"])
        for name, topic in wanted.items()
    ]
    brokers = admin.AdminClient(_settings(environ))
    for made in brokers.create_topics(new, request_timeout=PATIENCE).values() if new else ():
        made.result()


def schemas(environ: Mapping[str, str], topic: str) -> list[Record]:
    """Return the records of a registry's storage that compaction would leave, in their order.

    Everything is in them: subjects, versions, ids, also those of deleted schemas, which old records
    still name. A registry takes up what it finds there.
    """
    from confluent_kafka import Consumer, TopicPartition  # noqa: PLC0415

    settings = _settings(environ)
    # Its library looks for the group's coordinator, though nobody joins it.
    own = {"group.id": settings["sasl.username"], "enable.partition.eof": "true"}
    reader = Consumer({**settings, **own, "enable.auto.commit": "false"})
    try:
        if topic not in reader.list_topics(timeout=PATIENCE).topics:
            return []
        reader.assign([TopicPartition(topic, 0, 0)])
        newest: dict[bytes, Record | None] = {}
        for message in _all(reader, topic):
            key = message.key()
            if key is not None:
                newest.pop(key, None)
                newest[key] = None if message.value() is None else _record(message)
        return [record for record in newest.values() if record is not None]
    finally:
        reader.close()


def _all(reader: Any, topic: str) -> Iterator[Any]:
    """Yield messages until there is none."""
    from confluent_kafka import KafkaError  # noqa: PLC0415

    last = time.monotonic()
    while time.monotonic() - last < PATIENCE:
        message = reader.poll(1)
        if message is None:
            continue
        error = message.error()
        if error is None:
            last = time.monotonic()
            yield message
        elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 -- its documented name
            return
        else:
            raise OSError(f"{topic}: {error.str()}")
    raise TimeoutError(f"{topic} could not be read to its end in {PATIENCE} s")


def _record(message: Any) -> Record:
    headers = [[name, None if v is None else _text(v)] for name, v in message.headers() or ()]
    return {"key": _text(message.key()), "value": _text(message.value()), "headers": headers}


def append(environ: Mapping[str, str], topic: str, records: list[Record]) -> None:
    """Write records to a registry's storage, in their order; raise unless all are there."""
    from confluent_kafka import Producer  # noqa: PLC0415

    writer = Producer({**_settings(environ), "acks": "all", "enable.idempotence": "true"})
    lost: list[str] = []

    def delivered(error: Any, _: object) -> None:
        if error is not None:
            lost.append(error.str())

    for record in records:
        writer.produce(
            topic,
            key=_bytes(record["key"]),
            value=_bytes(record["value"]),
            headers=[(n, None if v is None else _bytes(v)) for n, v in record["headers"]],
            on_delivery=delivered,
        )
        writer.poll(0)
    left = writer.flush(PATIENCE)
    if left or lost:
        reasons = ", ".join(sorted(set(lost))) or f"no answer in {PATIENCE} s"
        raise OSError(f"{left + len(lost)} of {len(records)} schemas are not back: {reasons}")


def _text(data: bytes) -> str:
    """Return text that can be read, from which ``_bytes`` makes the same bytes again."""
    return data.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
