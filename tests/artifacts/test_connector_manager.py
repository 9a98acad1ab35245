"""The manager of a connector: what it calculates. What it does is in ``tests/engine``."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import pytest

from tests.support.connector_manager import program
from tests.support.loopback import running

MANAGE = program()
CONFIG = {"name": "sink", "connector.class": "a.SinkConnector", "tasks.max": "3", "topics": "a"}


def _gaps(failures: list[int]) -> list[int]:
    """Return the seconds between restarts of what is seen to have failed at these times."""
    restarts, times = MANAGE.Restarts(), list[int]()
    for now in failures:
        if restarts.due(now):
            restarts.done(now)
            times.append(now)
    return [after - before for before, after in pairwise(times)]


def test_pauses_double_up_to_half_an_hour_while_something_keeps_failing() -> None:
    failing = list(range(0, 15_000, 15))
    assert _gaps(failing)[:8] == [60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_a_task_that_retries_for_ten_minutes_before_it_fails_is_not_healthy() -> None:
    """The sink tries ten times, a minute apart: seen between two failures, it runs."""
    failing = [now for now in range(0, 30_000, 15) if now % 615 == 0]
    assert _gaps(failing)[:6] == [615, 615, 615, 615, 1230, 1845]


def test_what_stayed_healthy_for_half_an_hour_is_restarted_at_once_again() -> None:
    failing = [*range(0, 1000, 15), *range(1000 + 1800, 1000 + 2000, 15)]
    assert _gaps(failing)[:6] == [60, 120, 240, 480, 1900, 60]


def test_the_first_restart_does_not_wait() -> None:
    assert MANAGE.Restarts().due(5.0)


@pytest.mark.parametrize(("number", "length"), [(0, 1), (63, 1), (64, 2), (8191, 2), (8192, 3)])
def test_lengths_are_counted_as_kafka_writes_them(number: int, length: int) -> None:
    assert MANAGE._varint(number) == length  # noqa: SLF001 -- to the byte


def test_a_task_s_record_is_larger_than_its_connector_s() -> None:
    """A task of the sink is given the whole configuration."""
    small, large = (MANAGE.largest_record({**CONFIG, "kcql": "x" * n}) for n in (1000, 501_000))
    # One byte more in the length of the value, and in its lead.
    assert large - small == 500_001


def test_text_beyond_ascii_is_counted_in_bytes() -> None:
    plain, other = (MANAGE.largest_record({**CONFIG, "kcql": text}) for text in ("xx", "\u00e9"))
    assert plain == other


class Workers(ThreadingHTTPServer):
    """Connect's REST interface, which answers from a list and keeps what it was asked."""

    answers: list[tuple[int, Any]]
    asked: list[str]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        workers = self.server
        assert isinstance(workers, Workers)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        workers.asked.append(f"{self.command} {self.path.removeprefix('/connectors/sink')}")
        status, answer = workers.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    do_PUT = do_POST = do_GET  # noqa: N815 -- given


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(("127.0.0.1", 0), _Handler) as server, running(server):
        server.answers, server.asked = [], []
        yield server


def _manager(workers: Workers, limit: int) -> Any:
    here = MANAGE.Workers(f"http://127.0.0.1:{workers.server_port}", "sink")
    return MANAGE.Manager(here, lambda: CONFIG, limit)


NONE = (404, {"message": "Connector sink not found"})
BUSY = (409, {"message": "Cannot complete request because of a conflicting operation"})


def test_a_refused_configuration_is_not_sent_and_the_rest_goes_on(workers: Workers) -> None:
    failed = {"connector": {"state": "RUNNING"}, "tasks": [{"state": "FAILED", "trace": "why\n"}]}
    workers.answers = [(200, failed), (202, failed)]
    manager = _manager(workers, limit=100)
    manager.look()
    assert workers.asked == ["GET /status", "POST /restart?includeTasks=true&onlyFailed=true"]
    assert manager.trouble == (
        "refused: with 1 topics the largest record of the configuration has 351 bytes; allowed: "
        "100, the site's maxMessage. Exclude topics, share them between two sinks, or raise "
        "maxMessage; failed: why"
    )
    assert 'uploads_refused_total{connector="sink",reason="size"} 1\n' in manager.metrics()


def test_workers_that_rebalance_are_asked_again(workers: Workers) -> None:
    """``kafkaconnect`` takes no notice of their answer: an upload was lost."""
    running = {"connector": {"state": "RUNNING"}, "tasks": []}
    workers.answers = [NONE, BUSY, NONE, NONE, (201, {}), (200, running)]
    manager = _manager(workers, limit=10_000)
    manager.look()
    assert manager.trouble == "the workers rebalance: the configuration waits"
    assert not manager.refused
    manager.look()
    assert manager.trouble == ""
    assert (manager.counts["busy"], manager.counts["uploads"]) == (1, 1)


def test_a_restart_that_was_not_taken_is_none(workers: Workers) -> None:
    failed = {"connector": {"state": "FAILED", "trace": "why"}, "tasks": []}
    workers.answers = [(200, CONFIG), (200, failed), BUSY] * 2
    manager = _manager(workers, limit=10_000)
    manager.look()
    manager.look()
    assert workers.asked.count("POST /restart?includeTasks=true&onlyFailed=true") == 2
    assert manager.counts["restarts"] == 0


def test_metrics_are_in_the_format_that_is_collected() -> None:
    """One line for each series, one type for each metric, before its first series."""
    manager = MANAGE.Manager(MANAGE.Workers("http://none", "sink"), lambda: None, limit=2**20)
    lines = manager.metrics().splitlines()
    types = [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    assert len(set(types)) == len(types)
    series = [line for line in lines if not line.startswith("#")]
    assert {line.partition("{")[0] for line in series} == set(types)
    assert len({line.rpartition(" ")[0] for line in series}) == len(series)
    assert 'efd_connector_config_limit_bytes{connector="sink"} 1048576' in series
