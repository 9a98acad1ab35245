"""The check over HTTP, with a server that answers as InfluxDB does."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from devkit.errors import DevkitError
from devkit.traffic import arrivals, points
from devkit.traffic.access import Web
from devkit.traffic.influx import Influx
from devkit.traffic.ledger import Ledger
from tests.support.temperature import RECIPE, TOPIC, Point, answer, entries, sent


class FakeInflux(BaseHTTPRequestHandler):
    """Answers what the last test put there."""

    points: list[Point]
    kind = "float"
    error = ""

    def do_POST(self) -> None:
        """Answer the kinds of statement that a check asks."""
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        statement = form["q"][0]
        names = points.kinds(RECIPE) | {"temperatureItem0": self.kind}
        if self.error:
            series = []
        elif statement.startswith("SHOW FIELD"):
            series = [
                self._series(["fieldKey", "fieldType"], [list(each) for each in names.items()])
            ]
        elif statement.startswith("SHOW TAG"):
            series = []
        elif "count(" in statement:
            series = [self._series(["time", "count"], [[0, len(self.points)]])]
        else:
            whole = answer(self.points)
            series = [self._series(whole.columns, [row]) for row in whole.rows]
        results: list[dict[str, Any]] = [{"series": [each]} for each in series] or [{}]
        if self.error:
            results = [{"error": self.error}]
        body = b"".join(json.dumps({"results": [each]}).encode() + b"\n" for each in results)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base has it
        """Say nothing."""

    @staticmethod
    def _series(columns: list[str], rows: list[list[Any]]) -> dict[str, Any]:
        return {"name": TOPIC.name, "columns": columns, "values": rows}


@pytest.fixture
def influx(monkeypatch: pytest.MonkeyPatch) -> Iterator[Influx]:
    monkeypatch.setattr(FakeInflux, "points", sent(), raising=False)
    with HTTPServer(("127.0.0.1", 0), FakeInflux) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Influx(Web(f"http://127.0.0.1:{server.server_port}"))
        server.shutdown()


@pytest.fixture
def ledger() -> Ledger:
    empty = Ledger([])
    empty.topics[TOPIC.name] = entries()
    return empty


def test_a_complete_database_is_found_complete_over_http(influx: Influx, ledger: Ledger) -> None:
    seen: list[int] = []
    found = arrivals.wait(influx, ledger, 5, show=lambda done, _: seen.append(done))
    assert found.complete
    assert seen == [20]
    (line,) = found.lines()
    assert line.startswith("20 of 20 acknowledged records are in InfluxDB")


def test_waiting_ends(influx: Influx, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "POLL", 0.01)
    del FakeInflux.points[3]
    found = arrivals.wait(influx, ledger, 0.05)
    assert not found.complete
    assert (found.arrived, found.expected) == (19, 20)


def test_a_field_of_another_type_is_wrong(
    influx: Influx, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeInflux, "kind", "integer")
    wrong = arrivals.check(influx, ledger).topics[TOPIC.name].wrong
    assert wrong.examples == ["field temperatureItem0 is integer, not float"]


def test_an_error_of_influxdb_is_not_an_empty_answer(
    influx: Influx, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeInflux, "error", "database not found: efd")
    with pytest.raises(DevkitError, match="database not found"):
        arrivals.check(influx, ledger)
