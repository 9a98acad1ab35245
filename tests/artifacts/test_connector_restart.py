"""The script that restarts what has failed of a connector."""

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from efd_infra.artifacts import read_artifact

FAILED = '{"name":"sink","tasks":[{"id":0,"state":"RESTARTING"}]}'
RUNNING = '{"name":"sink","tasks":[{"id":0,"state":"RUNNING"}]}'


class Workers(ThreadingHTTPServer):
    """Connect's REST interface, which answers from a list and keeps what it was asked."""

    answers: list[str]
    asked: list[str]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        workers = self.server
        assert isinstance(workers, Workers)
        workers.asked.append(self.path)
        answer = workers.answers.pop(0) if workers.answers else ""
        self.send_response(202 if answer else 404)
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- given
        """Keep the test's output clean."""


@pytest.fixture
def workers() -> Iterator[Workers]:
    server = Workers(("127.0.0.1", 0), _Handler)
    server.answers, server.asked = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _run(folder: Path, workers: Workers, looks: int) -> tuple[int, list[str], Path]:
    """Run the script in a faster time, ten milliseconds for a minute, until it has looked."""
    sleep = folder / "sleep"
    sleep.write_text(f'#!/bin/sh\necho "$1" >>{folder}/pauses\nexec /bin/sleep 0.01\n')
    sleep.chmod(0o755)
    looked = folder / "looked"
    process = subprocess.Popen(  # noqa: S603 -- the artifact under test
        ["/bin/sh", "-c", read_artifact("connect/restart.sh")],
        env={
            "PATH": f"{folder}:/usr/bin:/bin",
            "CONNECT_URL": f"http://127.0.0.1:{workers.server_port}",
            "CONNECTOR": "sink",
            "LOOKED": str(looked),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while len(_pauses(folder)) < looks and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=10), _pauses(folder)[:looks], looked


def _pauses(folder: Path) -> list[str]:
    file = folder / "pauses"
    return file.read_text().split() if file.exists() else []


def test_only_what_has_failed_is_restarted(tmp_path: Path, workers: Workers) -> None:
    _run(tmp_path, workers, 1)
    assert workers.asked[0] == "/connectors/sink/restart?includeTasks=true&onlyFailed=true"


def test_pauses_double_while_something_keeps_failing(tmp_path: Path, workers: Workers) -> None:
    workers.answers = [FAILED] * 7
    _, pauses, _ = _run(tmp_path, workers, 7)
    assert pauses == ["120", "240", "480", "960", "1800", "1800", "1800"]


def test_a_connector_that_runs_again_is_watched_closely_again(
    tmp_path: Path, workers: Workers
) -> None:
    workers.answers = [FAILED, FAILED, RUNNING, FAILED]
    _, pauses, _ = _run(tmp_path, workers, 4)
    assert pauses == ["120", "240", "60", "120"]


def test_workers_that_refuse_are_asked_again(tmp_path: Path, workers: Workers) -> None:
    """They refuse while they rebalance, and before the connector is there."""
    workers.answers = ["", RUNNING]
    _, pauses, looked = _run(tmp_path, workers, 2)
    assert pauses == ["60", "60"]
    assert looked.exists(), "probes look at this file"


def test_a_request_to_stop_is_heard(tmp_path: Path, workers: Workers) -> None:
    """As process 1 a shell ignores it, and every update would wait for the kill."""
    code, _, _ = _run(tmp_path, workers, 1)
    assert code == 0
