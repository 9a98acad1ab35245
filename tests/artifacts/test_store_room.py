"""What tells the room of a store, as a running process."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from rendering.engine import ROOT
from tests.support.loopback import free_port
from tests.support.waiting import wait_for

_SCRIPT = ROOT / "efd_infra" / "artifacts" / "store" / "room.py"


def _ask(port: int, path: str) -> tuple[int, str]:
    """Return status and body; 0 while nothing answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except URLError:
        return 0, ""


@contextmanager
def _room(store: Path) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 -- the artifact under test
        [sys.executable, str(_SCRIPT)],
        env={
            "PATH": os.environ["PATH"],
            "CLAIM": "data-{pod}",
            "PORT": str(port),
            "STORE": str(store),
        },
    )
    try:
        wait_for(lambda: _ask(port, "/")[0], "an answer", 20)
        yield port
    finally:
        process.terminate()
        assert process.wait(10) == 0, "it ends when it is told to"


def _figures(text: str) -> dict[str, int]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: int(value) for name, _, value in lines}


def test_it_tells_what_the_file_system_has(tmp_path: Path) -> None:
    with _room(tmp_path) as port:
        status, text = _ask(port, "/metrics")
    label = f'{{claim="data-{socket.gethostname()}"}}'
    figures = _figures(text)
    real = os.statvfs(tmp_path)
    assert status == 200
    assert figures[f"efd_claim_size_bytes{label}"] == real.f_blocks * real.f_frsize
    free = figures[f"efd_claim_free_bytes{label}"]
    assert abs(free - real.f_bavail * real.f_frsize) < 2**30, "others write too"
    assert set(figures) == {
        f"efd_claim_{name}{label}" for name in ("size_bytes", "free_bytes", "files", "free_files")
    }


def test_a_store_that_it_cannot_see_is_no_reason_not_to_serve(tmp_path: Path) -> None:
    """The readiness of its container is part of the server's pod's."""
    with _room(tmp_path / "absent") as port:
        assert _ask(port, "/metrics")[0] == 503
        assert _ask(port, "/ready")[0] == 200
        assert _ask(port, "/else")[0] == 404
