"""Files as the archive's sink lays them out, by its own settings, written by pyarrow.

The connector itself is in no package registry. What is shown by these files is the reading of such
a layout; that the connector writes it is what its documentation says.
"""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from efd_infra.config.archive import ParquetSinkSection
from efd_infra.manifests.s3_sink import s3_sink_settings

OFFSET_DIGITS = 10
"""``filename.offset.zero.pad.width``, unless it is set."""
_JODA = {"YYYY": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "'": ""}
"""The letters of ``path.format``, and Python's for the same."""


@dataclass(frozen=True)
class Written:
    """A record of Kafka: its offset, its time in milliseconds and its fields."""

    offset: int
    time: int
    fields: dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """Names and borders of files."""

    settings: dict[str, Any]

    @classmethod
    def of(cls, section: ParquetSinkSection) -> "Layout":
        """Take what the program tells the connector."""
        return cls(json.loads(s3_sink_settings(section)))

    def files(
        self, topic: str, schema: pa.Schema, records: Sequence[Written]
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the key and the content of each file of a topic's only partition."""
        for part in self._parts(records):
            first = f"{part[0].offset:0{OFFSET_DIGITS}}"
            codec = self.settings["parquet.codec"]
            name = f"{topic}+0+{first}.{codec}.parquet"
            table = pa.Table.from_pylist([each.fields for each in part], schema)
            content = io.BytesIO()
            pq.write_table(table, content, compression=codec)
            key = "/".join([self.settings["topics.dir"], topic, self._folder(part[0]), name])
            yield key, content.getvalue()

    def _folder(self, record: Written) -> str:
        text = self.settings["path.format"]
        for letters, ours in _JODA.items():
            text = text.replace(letters, ours)
        return datetime.fromtimestamp(record.time / 1000, UTC).strftime(text)

    def _parts(self, records: Iterable[Written]) -> Iterator[list[Written]]:
        """Cut where the hour ends, after so many records, or after so much of the topic's time."""
        part: list[Written] = []
        for record in records:
            if part and (
                self._folder(record) != self._folder(part[0])
                or len(part) >= self.settings["flush.size"]
                or record.time - part[0].time >= self.settings["rotate.interval.ms"]
            ):
                yield part
                part = []
            part.append(record)
        if part:
            yield part
