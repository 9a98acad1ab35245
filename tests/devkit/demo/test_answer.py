"""An answer of InfluxDB as a person reads it."""

from typing import Any

from devkit.demo import answer
from devkit.traffic.influx import Series

SECOND = 10**9


def test_columns_are_aligned_and_times_are_utc() -> None:
    rows: list[list[Any]] = [
        [1_700_000_000 * SECOND + 1000, 1.5, None],
        [1_700_000_001 * SECOND, -12.25, "park"],
    ]
    assert list(answer.lines([Series("elevation", ["time", "position", "state"], rows)])) == [
        "elevation",
        "  time                        position  state",
        "  2023-11-14 22:13:20.000001       1.5      -",
        "  2023-11-14 22:13:21.000000    -12.25   park",
    ]


def test_a_measurement_that_comes_in_parts_is_one_table() -> None:
    parts = [Series("a", ["n"], [[1]]), Series("a", ["n"], [[22]]), Series("b", ["n"], [[3]])]
    assert list(answer.lines(parts)) == ["a", "  n", "  1", "  22", "", "b", "  n", "  3"]


def test_more_rows_than_a_screen_can_use_are_counted_only() -> None:
    *_, last = answer.lines([Series("a", ["n"], [[n] for n in range(10)])], rows=3)
    assert last == "… and 7 more rows: LIMIT asks for fewer"


def test_nothing_found_is_said() -> None:
    assert list(answer.lines([])) == ["InfluxDB has nothing to answer"]


def test_a_text_of_several_lines_stays_in_its_row() -> None:
    assert answer.text("message", "one\ntwo µm") == r"one\ntwo µm"
