"""Reading the archive by the words of docs/archive.md, run against a bucket behind TLS."""

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from efd_infra.config.parsing import parse_site
from tests.support.archive_site import Archive
from tests.support.full_site import full_site
from tests.support.parquet_layout import Layout, Written

TOPIC = "lsst.sal.MTMount.azimuth"
DAY = 1_795_824_000_000
"""Midnight of 28 November 2026 in UTC, in milliseconds."""
HOUR = 3_600_000
STEP = 2_000
"""Milliseconds between two records."""
BEGIN = DAY + 11 * HOUR - 500 * STEP
OLD = pa.schema(
    {
        "private_sndStamp": pa.float64(),
        "private_efdStamp": pa.float64(),
        "private_seqNum": pa.int64(),
        "actualPosition": pa.float64(),
        "name": pa.string(),
        "forces": pa.list_(pa.float64()),
        "on": pa.bool_(),
    }
)
NEW = OLD.append(pa.field("torque", pa.float64()))
COUNT = 4000
GROWN = 3000
"""From this record on there is one field more."""


def _records(first: int, end: int) -> list[Written]:
    return [
        Written(
            offset=n,
            time=BEGIN + n * STEP,
            fields={
                "private_sndStamp": (BEGIN + n * STEP) / 1000,
                "private_efdStamp": (BEGIN + n * STEP) / 1000 - 37,
                "private_seqNum": n,
                "actualPosition": n / 7,
                "name": f"Δ {n}",
                "forces": [n / 3, -1.5],
                "on": n % 2 == 0,
                **({"torque": n / 11} if n >= GROWN else {}),
            },
        )
        for n in range(first, end)
    ]


@pytest.fixture
def keys(archive: Archive) -> list[str]:
    """What is in the bucket: the connector was killed once, and began again before that."""
    section = parse_site(full_site()).archive
    assert section
    assert section.parquet
    layout, found = Layout.of(section.parquet), []
    archive.client.create_bucket(
        Bucket=archive.bucket, CreateBucketConfiguration={"LocationConstraint": archive.region}
    )
    for schema, records in (
        (OLD, _records(0, 1100)),
        (OLD, _records(950, GROWN)),
        (NEW, _records(GROWN, COUNT)),
    ):
        for key, content in layout.files(TOPIC, schema, records):
            archive.client.put_object(Bucket=archive.bucket, Key=key, Body=content)
            found.append(key)
    return found


@pytest.fixture
def shown(archive: Archive, keys: list[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what the page's own words define."""
    assert keys
    monkeypatch.setenv("AWS_ENDPOINT_URL", archive.store.endpoint)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(archive.store.authority))
    page = (Path(__file__).parents[2] / "docs" / "archive.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    text = "\n".join(blocks).replace("efd-stable", archive.bucket)
    names: dict[str, Any] = {}
    exec(compile(text, "docs/archive.md", "exec"), names)  # noqa: S102 -- our own page
    return names


def test_files_are_named_as_the_page_says(keys: list[str]) -> None:
    name = rf"{re.escape(TOPIC)}\+0\+\d{{10}}\.snappy\.parquet"
    pattern = rf"topics/{re.escape(TOPIC)}/year=2026/month=11/day=28/hour=1[0-3]/{name}"
    assert [key for key in keys if not re.fullmatch(pattern, key)] == []
    assert len(set(keys)) == len(keys) > COUNT * STEP / 600_000


def test_every_record_of_the_span_is_read_once_with_its_types(shown: dict[str, Any]) -> None:
    expected = [r.fields for r in _records(0, COUNT) if r.time < DAY + 12 * HOUR]
    twice = shown["azimuth"].to_table(filter=shown["morning"])
    assert len(twice) == len(expected) + 150
    table = shown["table"]
    assert table.schema.field("forces").type.value_type == pa.float64()
    found = table.drop_columns(["year", "month", "day", "hour"]).to_pylist()
    assert found == [{"torque": None, **each} for each in expected]


def test_a_field_that_came_later_is_empty_before(shown: dict[str, Any]) -> None:
    table = shown["once"](shown["azimuth"].to_table()).sort_by("private_seqNum")
    assert table["torque"].to_pylist() == [n / 11 if n >= GROWN else None for n in range(COUNT)]


def test_dask_reads_the_same(shown: dict[str, Any]) -> None:
    positions = shown["positions"].compute().sort_values("private_seqNum")
    kept = [r for r in _records(0, COUNT) if r.time < DAY + 12 * HOUR]
    assert positions["actualPosition"].tolist() == [r.fields["actualPosition"] for r in kept]
    hours: dict[int, list[float]] = {}
    for record in kept:
        hours.setdefault((record.time - DAY) // HOUR, []).append(record.fields["actualPosition"])
    means = {hour: sum(values) / len(values) for hour, values in hours.items()}
    assert shown["mean"].to_dict() == pytest.approx(means)


def test_files_outside_of_the_span_are_not_opened(shown: dict[str, Any]) -> None:
    files = [file.path for file in shown["azimuth"].get_fragments(shown["morning"])]
    assert {re.search(r"hour=(\d+)", path).group(1) for path in files} == {"10", "11"}  # type: ignore[union-attr]
