"""The live table."""

from collections.abc import Mapping

import pytest
from rich.console import Console

from devkit.errors import DevkitError
from devkit.traffic import table
from devkit.traffic.table import Line, Sources


def fails() -> Mapping[str, float]:
    raise DevkitError("no answer")


SOURCES = Sources(
    acknowledged=lambda: {"b": 3000, "a": 10},
    kafka=lambda: {"b": 3000, "a": 10},
    influx=lambda: {"b": 2500},
    latency=lambda: {"b": 0.25},
)


def test_a_topic_without_points_has_none_and_lags_by_all() -> None:
    a, b, total = table.lines(SOURCES)
    assert (a.topic, a.influx, a.lag, a.latency) == ("a", 0, 10, None)
    assert (b.lag, b.latency) == (500, 0.25)
    assert (total.acknowledged, total.influx, total.lag, total.latency) == (3010, 2500, 510, 0.25)


def test_a_server_that_is_away_leaves_its_column_empty() -> None:
    away = Sources(SOURCES.acknowledged, SOURCES.kafka, fails, fails)
    *_, total = table.lines(away)
    assert (total.kafka, total.influx, total.lag) == (3010, None, None)
    assert total.cells() == ("all", "3,010", "3,010", "-", "-", "-")


def test_without_a_terminal_there_are_lines_and_a_last_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "console", Console(force_terminal=False))
    answers = iter([False, True])
    last = table.show(SOURCES, lambda: next(answers, True))
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2
    assert said[-1].endswith("2,500 in InfluxDB, lag 510, latency 0.25 s")
    assert last[-1].topic == "all"


def test_on_a_terminal_it_is_a_table() -> None:
    console = Console(width=100, force_terminal=False)
    with console.capture() as capture:
        console.print(table.table(table.lines(SOURCES), "traffic"))
    drawn = capture.get()
    assert "in InfluxDB" in drawn
    assert "2,500" in drawn


def test_on_a_low_terminal_the_busiest_topics_stay_and_the_rest_is_one_line() -> None:
    rows = [
        Line(name, n, n, n - 1, n / 10) for name, n in zip("abcd", (5, 400, 7, 30), strict=True)
    ]
    rows.append(Line("all", 442, 442, 438, 40.0))
    assert table.fitting(rows, 5) == rows
    b, d, rest, total = table.fitting(rows, 4)
    assert (b.topic, d.topic, total.topic) == ("b", "d", "all")
    assert rest == Line("2 more", 12, 12, 10, 0.7)


def test_a_column_that_is_empty_stays_so_in_the_rest() -> None:
    rows = [Line(name, 1, 1, None, None) for name in "abc"]
    _, rest, _ = table.fitting([*rows, Line("all", 3, 3, None, None)], 3)
    assert (rest.influx, rest.lag, rest.latency) == (None, None, None)
