"""The probe that compares a connector with what its manager would write."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "efd_infra" / "artifacts" / "connect" / "check.py"
WANTED = {"name": "sink", "tasks.max": 1, "connect.progress.enabled": False, "topics": "a,b"}
STORED = {"name": "sink", "tasks.max": "1", "connect.progress.enabled": "false", "topics": "a,b"}


@dataclass
class Workers:
    """Connect's REST interface, as far as the probe asks."""

    config: dict[str, Any] | None = None
    status: int = 200
    url: str = ""


@pytest.fixture
def workers() -> Iterator[Workers]:
    state = Workers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == "/connectors/sink/config" and state.config is not None
            self.send_response(state.status if known else 404)
            self.end_headers()
            self.wfile.write(json.dumps(state.config).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- given
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def _check(folder: Path, url: str, *, topics: bool = True, works: bool = True) -> tuple[int, str]:
    """Run the probe beside a manager that says what version 1.3.1 says in a dry run."""
    said = f"Found 2 topics.\n{json.dumps(WANTED, indent=4)}" if topics else "Found 0 topics."
    manager = folder / "kafkaconnect"
    manager.write_text(f"#!/bin/sh\ncat <<'END'\nDiscoverying Kafka topics...\n{said}\nEND\n")
    if not works:
        manager.write_text("#!/bin/sh\nexit 1\n")
    manager.chmod(0o755)
    done = subprocess.run(  # noqa: S603 -- the artifact under test
        [sys.executable, str(SCRIPT)],
        env={
            "PATH": f"{folder}:/usr/bin:/bin",
            "KAFKA_CONNECT_URL": url,
            "KAFKA_CONNECT_NAME": "sink",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.returncode, done.stdout


def test_a_connector_as_the_manager_wrote_it_is_right(tmp_path: Path, workers: Workers) -> None:
    """The workers keep numbers and truths as texts."""
    workers.config = STORED
    assert _check(tmp_path, workers.url) == (0, "")


def test_a_connector_whose_upload_was_refused_is_missed(tmp_path: Path, workers: Workers) -> None:
    assert _check(tmp_path, workers.url) == (1, "the connector is absent\n")


def test_a_connector_changed_by_hand_is_found(tmp_path: Path, workers: Workers) -> None:
    workers.config = {**STORED, "topics": "a", "extra": "x"}
    code, said = _check(tmp_path, workers.url)
    assert (code, said) == (1, "the connector differs in extra, topics\n")


def test_no_connector_is_missed_before_there_are_topics(tmp_path: Path, workers: Workers) -> None:
    assert _check(tmp_path, workers.url, topics=False) == (0, "")


def test_workers_that_cannot_be_asked_are_no_success(tmp_path: Path, workers: Workers) -> None:
    workers.config, workers.status = STORED, 500
    code, said = _check(tmp_path, workers.url)
    assert code == 1
    assert said.startswith("cannot tell: ")


def test_a_manager_that_fails_is_no_success(tmp_path: Path, workers: Workers) -> None:
    code, said = _check(tmp_path, workers.url, works=False)
    assert code == 1
    assert said.startswith("cannot tell: ")
