"""Wait until every schema of the source is in the topic here, and say what is missing.

A record can be read only with its schema. On a first start, and after a long outage, records come
in bulk; so the workers that carry them start after the schemas have arrived by their own link.
Offsets cannot tell: the topic is compacted, each side by itself, and a link that is started again
may repeat records. So the newest value of each key is compared.
"""

# ruff: noqa: INP001, T201 -- a program by itself: what it prints is its events

import hashlib
import os
import signal
import sys
import time
from pathlib import Path

from confluent_kafka import (  # pyright: ignore[reportMissingImports]
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    TopicPartition,
)

PATIENCE = 30.0
"""Seconds until a side that says nothing is taken for one that does not answer."""
PAUSE = float(os.environ.get("PAUSE", "5"))
"""Seconds until both are looked at again."""


class Topic:
    """One side's topic, as far as it has been read."""

    def __init__(self, where: str, settings: dict[str, str]) -> None:
        self.where = where
        self.newest: dict[bytes, bytes] = {}
        """A digest of the newest value of each key; deleted keys are absent."""
        self._end = -1
        # The client wants a group, but partitions are assigned and no position is kept.
        own = {"group.id": "schemas-first", "enable.auto.commit": "false"}
        self._consumer = Consumer({**settings, **own, "enable.partition.eof": "true"})
        self._consumer.assign([TopicPartition(os.environ["TOPIC"], 0, OFFSET_BEGINNING)])

    def is_read(self) -> bool:
        """Read on to the end as it is now; tell whether it was reached."""
        place = TopicPartition(os.environ["TOPIC"], 0)
        try:
            _, end = self._consumer.get_watermark_offsets(place, timeout=PATIENCE)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the next look may be better
            print(f"{self.where}: {error}", flush=True)
            return False
        until = time.monotonic() + PATIENCE
        while self._end < end:
            record = self._consumer.poll(1.0)
            if record is None:
                if time.monotonic() > until:
                    print(f"{self.where} has stopped answering", flush=True)
                    return False
                continue
            until = time.monotonic() + PATIENCE
            self._take(record)
        return True

    def _take(self, record: object) -> None:
        error = record.error()  # type: ignore[attr-defined]
        if error is None:
            key, value = record.key(), record.value()  # type: ignore[attr-defined]
            self._end = record.offset() + 1  # type: ignore[attr-defined]
            if value is None:
                self.newest.pop(key, None)
            else:
                self.newest[key] = hashlib.sha256(value).digest()
        elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 -- the name it is given
            # Compaction may have taken the last records before the end.
            self._end = max(self._end, record.offset())  # type: ignore[attr-defined]
        elif error.code() != KafkaError.GROUP_AUTHORIZATION_FAILED:
            print(f"{self.where}: {error.str()}", flush=True)
            time.sleep(1)


def login(folder: str) -> dict[str, str]:
    """Return the name and the password that are files in ``folder``."""
    files = {"sasl.username": "username", "sasl.password": "password"}
    return {
        "sasl.mechanism": "SCRAM-SHA-512",
        **{key: (Path(folder) / name).read_text("utf-8") for key, name in files.items()},
    }


def main() -> None:
    """Compare until nothing is missing."""
    # Process 1 of a container ignores signals that nobody traps.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    source_settings = {
        "bootstrap.servers": os.environ["SOURCE_BOOTSTRAP"],
        "security.protocol": "SASL_SSL",
        **login(os.environ["SOURCE_LOGIN"]),
    }
    if ca := os.environ.get("SOURCE_CA"):
        source_settings["ssl.ca.location"] = ca
    target_settings = {
        "bootstrap.servers": os.environ["TARGET_BOOTSTRAP"],
        "security.protocol": "SASL_PLAINTEXT",
        **login(os.environ["TARGET_LOGIN"]),
    }
    source = Topic(os.environ["SOURCE"], source_settings)
    target = Topic("this site", target_settings)
    said = ""
    while True:
        # In this order: what the source has now may reach the target meanwhile, not be missed.
        if source.is_read() and target.is_read():
            wanted = source.newest.items()
            missing = sum(target.newest.get(key) != value for key, value in wanted)
            if wanted and not missing:
                print(f"all {len(wanted)} schema records of {source.where} are here", flush=True)
                return
            number = f"{missing} of {len(wanted)} schema records" if wanted else "a first schema"
            news = f"waiting for {number} of {source.where}"
            if news != said:
                print(news, flush=True)
            said = news
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
