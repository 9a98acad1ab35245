"""What the mirror's workers wait for: the source's schemas, by content."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from devkit.patience import wait_until

SCRIPT = Path(__file__).parents[2] / "efd_infra" / "artifacts" / "mirror_maker" / "schemas_first.py"

_CLIENT = """
import json, os, pathlib, time

OFFSET_BEGINNING = -2

class KafkaError:
    _PARTITION_EOF = -191
    GROUP_AUTHORIZATION_FAILED = 30

    def __init__(self, code): self._code = code
    def code(self): return self._code
    def str(self): return f"error {self._code}"

class TopicPartition:
    def __init__(self, topic, partition, offset=None):
        assert (topic, partition) == ("_schemas", 0)
        self.offset = offset

class Record:
    def __init__(self, offset, key=None, value=None, error=None):
        self._all = offset, key, value, error
    def offset(self): return self._all[0]
    def key(self): return self._all[1] and self._all[1].encode()
    def value(self): return self._all[2] and self._all[2].encode()
    def error(self): return self._all[3]

class Consumer:
    def __init__(self, settings):
        name = settings["bootstrap.servers"]
        assert settings["sasl.username"] == f"{name}-user", settings
        assert settings["sasl.password"] == "word"
        assert settings["security.protocol"] == {"source": "SASL_SSL"}.get(name, "SASL_PLAINTEXT")
        assert settings.get("ssl.ca.location") == {"source": "/ca.crt"}.get(name)
        assert settings["enable.auto.commit"] == "false"
        self._file = pathlib.Path(os.environ["TOPICS"]) / name
        self._at, self._refused = 0, False

    def _records(self):
        return json.loads(self._file.read_text())

    def assign(self, places):
        assert places[0].offset == OFFSET_BEGINNING

    def get_watermark_offsets(self, place, timeout):
        if not self._file.exists():
            raise RuntimeError("no such topic")
        return 0, len(self._records())

    def poll(self, timeout):
        if not self._refused:
            self._refused = True
            return Record(-1, error=KafkaError(KafkaError.GROUP_AUTHORIZATION_FAILED))
        records = self._records()
        while self._at < len(records):
            self._at += 1
            if (record := records[self._at - 1]) is not None:
                return Record(self._at - 1, *record)
        return Record(self._at, error=KafkaError(KafkaError._PARTITION_EOF))
"""


@dataclass
class Gate:
    """A running process and both sides' topics."""

    folder: Path
    process: subprocess.Popen[str]

    def has(self, side: str, *records: tuple[str, str | None] | None) -> None:
        """Let a side's topic hold these; nothing stands for what compaction has taken."""
        _write(self.folder / side, records)

    @property
    def output(self) -> list[str]:
        """What it has said."""
        return (self.folder / "said").read_text().splitlines()

    def is_over(self, limit: float = 10) -> bool:
        """Whether it ends with success."""
        return (
            wait_until(lambda: self.process.poll() is not None, limit) and not self.process.poll()
        )


def _write(path: Path, records: object) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(records))
    new.replace(path)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    package = tmp_path / "client" / "confluent_kafka"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(_CLIENT)
    for side in ("source", "target"):
        (tmp_path / f"{side}-login").mkdir()
        (tmp_path / f"{side}-login" / "username").write_text(f"{side}-user")
        (tmp_path / f"{side}-login" / "password").write_text("word")
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(  # noqa: S603 -- the artifact under test
            [sys.executable, "-W", "error", str(SCRIPT)],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(package.parent),
                "TOPICS": str(tmp_path),
                "TOPIC": "_schemas",
                "SOURCE": "summit",
                "SOURCE_BOOTSTRAP": "source",
                "SOURCE_LOGIN": str(tmp_path / "source-login"),
                "SOURCE_CA": "/ca.crt",
                "TARGET_BOOTSTRAP": "target",
                "TARGET_LOGIN": str(tmp_path / "target-login"),
                "PAUSE": "0.1",
            },
            stdout=said,
            stderr=said,
            text=True,
        )
    yield Gate(tmp_path, process)
    process.kill()
    process.wait()


def test_it_waits_for_both_topics_and_says_for_which(gate: Gate) -> None:
    assert wait_until(lambda: "summit: no such topic" in gate.output, 10)
    gate.has("source", ("a", "1"))
    assert wait_until(lambda: "this site: no such topic" in gate.output, 10)
    gate.has("target", ("a", "1"))
    assert gate.is_over()
    assert gate.output[-1] == "all 1 schema records of summit are here"


def test_it_waits_for_the_last_schema(gate: Gate) -> None:
    gate.has("source", ("a", "1"), ("b", "1"), ("c", "1"))
    gate.has("target", ("a", "1"))
    news = "waiting for 2 of 3 schema records of summit"
    assert wait_until(lambda: news in gate.output, 10)
    gate.has("target", ("a", "1"), ("b", "1"))
    assert wait_until(lambda: news.replace("2", "1") in gate.output, 10)
    gate.has("target", ("a", "1"), ("b", "1"), ("c", "1"))
    assert gate.is_over()


def test_offsets_do_not_matter(gate: Gate) -> None:
    """Each side is compacted by itself, and a link that starts again may repeat records."""
    gate.has("target", ("a", "0"), ("a", "1"), ("a", "0"), ("a", "1"), ("b", "2"))
    gate.has("source", None, ("a", "1"), None, ("b", "2"), None)
    assert gate.is_over()


def test_what_the_source_has_deleted_need_not_be_here(gate: Gate) -> None:
    gate.has("target", ("a", "1"))
    gate.has("source", ("a", "1"), ("b", "1"), ("b", None), ("noop", None))
    assert gate.is_over()


def test_an_older_value_is_not_the_newest(gate: Gate) -> None:
    """Such as the compatibility of a subject, or a schema that was deleted and made again."""
    gate.has("source", ("a", "1"), ("a", "2"))
    gate.has("target", ("a", "1"))
    assert wait_until(lambda: "waiting for 1 of 1" in " ".join(gate.output), 10)
    gate.has("target", ("a", "1"), ("a", "2"))
    assert gate.is_over()


def test_a_source_without_a_schema_is_waited_for(gate: Gate) -> None:
    gate.has("source")
    gate.has("target")
    assert wait_until(lambda: "waiting for a first schema of summit" in gate.output, 10)
    time.sleep(0.3)
    assert gate.process.poll() is None


def test_it_stops_when_asked(gate: Gate) -> None:
    assert wait_until(lambda: gate.output != [], 10)
    gate.process.send_signal(signal.SIGTERM)
    assert gate.process.wait(timeout=5) == 0
