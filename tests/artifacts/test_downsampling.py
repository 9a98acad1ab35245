"""How the program that fills tiers begins: what it fills is tried on a real InfluxDB."""

import json
import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.downsampling import PROGRAM
from tests.support.loopback import free_port, running


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()


def test_it_waits_for_a_server_that_network_policies_do_not_let_it_reach_yet(
    tmp_path: Path,
) -> None:
    for name in ("username", "password"):
        (tmp_path / name).write_text(name)
    settings = {"admission": 60, "patience": 5, "metrics": "telegraf", "lateness": 0}
    (tmp_path / "settings.json").write_text(json.dumps({**settings, "seconds": 60, "tiers": []}))
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 -- the program under test
        [sys.executable, PROGRAM],
        env={
            "PATH": os.environ["PATH"],
            "INFLUXDB_URL": f"http://127.0.0.1:{port}",
            "LOGIN_DIR": str(tmp_path),
            "SETTINGS": str(tmp_path / "settings.json"),
        },
    )
    time.sleep(1)
    assert process.poll() is None
    with ThreadingHTTPServer(("127.0.0.1", port), _Server) as server, running(server):
        assert process.wait(20) == 0
