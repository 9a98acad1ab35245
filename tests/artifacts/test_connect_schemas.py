"""What stands between a Connect worker and the registry: questions wait there for answers."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.support.kafka_server import wait
from tests.support.loopback import free_port, serving

SCRIPT = Path(__file__).parents[2] / "efd_infra" / "artifacts" / "connect" / "schemas.py"
SCHEMA = {"schema": '"long"'}
BY_ID = "/schemas/ids/7?fetchMaxId=false&subject=lsst.sal.A-value"
LOOKUP = "/subjects/lsst.sal.A-value?normalize=false&deleted=true"


@dataclass
class Registry:
    """The registry, as far as converters ask."""

    status: int = 200
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def registry() -> Iterator[Registry]:
    state = Registry()

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            state.asked.append(f"{self.command} {self.path} {body}".rstrip())
            self.send_response(state.status)
            self.end_headers()
            answer = SCHEMA if state.status == 200 else {"error_code": state.status * 100 + 3}
            self.wfile.write(json.dumps(answer).encode())

        do_POST = do_GET  # noqa: N815 -- given

    with serving(Server) as state.url:
        yield state


@dataclass
class Front:
    """The running process."""

    port: int
    process: subprocess.Popen[str]

    def ask(self, path: str, body: str | None = None, patience: float = 20) -> tuple[int, Any]:
        """Ask as a converter does: it takes silence for ``patience`` seconds for a failure."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            client.request("GET" if body is None else "POST", path, body)
            answer = client.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            client.close()

    def metric(self, name: str) -> float:
        """Return a figure that it publishes."""
        with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        (line,) = [line for line in lines if line.startswith(f"{name} ")]
        return float(line.split()[1])


@pytest.fixture
def front(registry: Registry) -> Iterator[Front]:
    with _running(registry, unknown="1") as here:
        yield here


@contextmanager
def _running(registry: Registry, unknown: str, **more: str) -> Iterator[Front]:
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 -- the artifact under test
        [sys.executable, "-W", "error", str(SCRIPT)],
        env={
            "PATH": os.environ["PATH"],
            "REGISTRY_URL": registry.url,
            "PORT": str(port),
            "HOLD": "0.2",
            "PAUSE": "0.1",
            "UNKNOWN_SCHEMA": unknown,
            "OVERDUE": "0.5",
            **more,
        },
        stdout=subprocess.DEVNULL,
        text=True,
    )
    here = Front(port, process)
    wait(lambda: _answers(here), "a front")
    try:
        yield here
    finally:
        process.kill()
        process.wait()


def _answers(front: Front) -> bool:
    try:
        return front.ask("/ready")[0] == 200
    except ConnectionRefusedError:
        return False


def _later(seconds: float, change: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, change)
    timer.start()
    return timer


@pytest.mark.parametrize(("path", "body"), [(BY_ID, None), (LOOKUP, '{"schema":"x"}')])
def test_a_converter_s_questions_are_answered(
    front: Front, registry: Registry, path: str, body: str | None
) -> None:
    assert front.ask(path, body) == (200, SCHEMA)
    assert registry.asked == [f"{'POST' if body else 'GET'} {path} {body or ''}".rstrip()]


@pytest.mark.parametrize("status", [500, 503, 429, 404])
def test_an_answer_waits_for_the_registry(front: Front, registry: Registry, status: int) -> None:
    """The converter would take each of these for a record that cannot be read."""
    registry.status = status
    timer = _later(0.9, lambda: setattr(registry, "status", 200))
    # Blanks come in between: silence would be a failure.
    assert front.ask(BY_ID, patience=0.6) == (200, SCHEMA)
    timer.join()
    assert len(registry.asked) > 1


def test_a_schema_that_stays_unknown_is_given_up_and_waits_no_second_time(
    front: Front, registry: Registry
) -> None:
    """Its records are dead letters, and those behind them flow."""
    registry.status = 404
    with pytest.raises(http.client.IncompleteRead):
        front.ask(BY_ID)
    began = time.monotonic()
    assert front.ask(BY_ID)[0] == 404
    assert time.monotonic() - began < 0.9
    registry.status = 200
    assert front.ask(BY_ID) == (200, SCHEMA), "it may become known all the same"


def test_where_schemas_come_late_none_is_given_up(registry: Registry) -> None:
    """At a mirror a record may come before its schema, which comes all the same."""
    registry.status = 404
    timer = _later(1.5, lambda: setattr(registry, "status", 200))
    with _running(registry, unknown="inf") as front:
        assert front.ask(BY_ID) == (200, SCHEMA)
    timer.join()


@pytest.mark.parametrize(("path", "body"), [(BY_ID, None), (LOOKUP, '{"schema":"x"}')])
def test_questions_about_aggregates_go_to_their_registry(
    registry: Registry, path: str, body: str | None
) -> None:
    """They wait there too: the same number is another schema in the other registry."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    registry.status = 404
    timer = _later(0.5, lambda: setattr(registry, "status", 200))
    with _running(
        registry, unknown="inf", REGISTRY_URL=nowhere, AGGREGATED_REGISTRY_URL=registry.url
    ) as front:
        assert front.ask(f"/aggregated{path}", body) == (200, SCHEMA)
    timer.join()
    assert set(registry.asked) == {f"{'POST' if body else 'GET'} {path} {body or ''}".rstrip()}


def test_without_aggregates_there_is_one_registry(front: Front, registry: Registry) -> None:
    front.ask(f"/aggregated{BY_ID}")
    assert registry.asked == [f"GET /aggregated{BY_ID}"]


def test_it_says_what_it_waits_for_and_how_long(front: Front, registry: Registry) -> None:
    """For an alert: somebody must see that a sink stands still."""
    assert front.metric("efd_sink_schemas_awaited") == 0
    registry.status = 500
    asking = threading.Thread(target=front.ask, args=(BY_ID,))
    asking.start()
    wait(lambda: front.metric("efd_sink_schemas_overdue") == 1, "an overdue schema")
    assert front.metric("efd_sink_schemas_awaited") == 1
    assert front.metric("efd_sink_schema_longest_wait_seconds") >= 0.5
    registry.status = 200
    asking.join()
    wait(lambda: front.metric("efd_sink_schemas_awaited") == 0, "nothing that waits")


def test_an_answer_that_no_waiting_changes_is_handed_on(front: Front, registry: Registry) -> None:
    registry.status = 422
    assert front.ask(LOOKUP, "{}")[0] == 422
    assert len(registry.asked) == 1


def test_whoever_registers_a_schema_does_not_wait(front: Front, registry: Registry) -> None:
    registry.status = 404
    assert front.ask("/subjects/lsst.sal.A-value/versions", "{}")[0] == 404
    registry.status = 500
    assert front.ask("/subjects/lsst.sal.A-value/versions", "{}")[0] == 502


def test_it_stops_when_asked(front: Front) -> None:
    front.process.send_signal(signal.SIGTERM)
    assert front.process.wait(timeout=5) == 0
