"""The script that sets a registry's level and mode: what it asks for, and what it changes."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

import pytest

from efd_infra.artifacts import read_artifact
from tests.support.loopback import serving


@dataclass
class Registry:
    """What Confluent's registry answers about levels and modes."""

    state: dict[str, str] = field(
        default_factory=lambda: {"config": "BACKWARD", "mode": "READWRITE"}
    )
    fixed_mode: bool = False
    changes: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def answer(self, path: str, body: str | None) -> tuple[int, object]:
        """Return status and JSON; a body is a request to change."""
        if path == "subjects":
            return 200, []
        key = "compatibility" if path == "config" else "mode"
        if body is None:
            return 200, {"compatibilityLevel" if path == "config" else key: self.state[path]}
        if path == "mode" and self.fixed_mode:
            return 422, {"error_code": 42205, "message": "Mode changes are not allowed"}
        self.changes.append((path, json.loads(body)))
        self.state[path] = json.loads(body)[key]
        return 200, json.loads(body)


@pytest.fixture
def registry() -> Iterator[Registry]:
    state = Registry()

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_PUT(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, body: str | None) -> None:
            status, said = state.answer(self.path.lstrip("/"), body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

    with serving(Server) as state.url:
        yield state


def _run(url: str, level: str, mode: str = "READWRITE") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- the artifact under test
        ["/bin/sh", "-c", read_artifact("schema_registry/setup.sh")],
        env={
            "PATH": "/usr/bin:/bin",
            "COMPATIBILITY": level,
            "MODE": mode,
            "PATIENCE": "0",
            "REGISTRY_URL": url,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_as_it_should_be_is_left_alone(registry: Registry) -> None:
    done = _run(registry.url, "BACKWARD")
    assert done.stdout.splitlines() == ["config is BACKWARD", "mode is READWRITE"]
    assert registry.changes == []


def test_a_level_and_a_mode_are_set_and_stay(registry: Registry) -> None:
    done = _run(registry.url, "FULL_TRANSITIVE", "READONLY")
    assert done.stdout.splitlines() == [
        "config was BACKWARD and is now FULL_TRANSITIVE",
        "mode was READWRITE and is now READONLY",
    ]
    assert registry.changes == [
        ("config", {"compatibility": "FULL_TRANSITIVE"}),
        ("mode", {"mode": "READONLY"}),
    ]
    again = _run(registry.url, "FULL_TRANSITIVE", "READONLY")
    assert (again.returncode, len(registry.changes)) == (0, 2)


def test_a_refusal_is_told_in_the_registry_s_words(registry: Registry) -> None:
    registry.fixed_mode = True
    done = _run(registry.url, "NONE", "READONLY")
    assert done.returncode == 1
    assert done.stderr.startswith("error: mode cannot be set to READONLY: ")
    assert "Mode changes are not allowed" in done.stderr


def test_a_registry_that_does_not_answer_is_reported() -> None:
    done = _run("http://127.0.0.1:9", "NONE")
    assert done.returncode == 1
    assert done.stderr.startswith("error: http://127.0.0.1:9 does not answer: ")
