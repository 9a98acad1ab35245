"""Telegraf's companion as a running process, with brokers and a registry that a test sets."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from rendering.engine import ROOT
from tests.support.loopback import free_port, serving
from tests.support.waiting import wait_for

SCRIPT = ROOT / "efd_infra" / "artifacts" / "telegraf" / "topics.py"
ATAOS, ATDOME, HIDDEN = "lsst.sal.ATAOS.summary", "lsst.sal.ATDome.summary", "lsst.sal.Hid.den"
SCHEMA = b'{"schema":"\\"long\\""}'

_CLIENT = """
import json, os, pathlib

class AdminClient:
    def __init__(self, config):
        assert config == {
            "bootstrap.servers": "kafka:9092",
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanisms": "SCRAM-SHA-512",
            "sasl.username": "efd-sink",
            "sasl.password": "secret",
        }

    def list_topics(self, timeout):
        names = json.loads(pathlib.Path(os.environ["NAMES"]).read_text())
        if names is None:
            raise RuntimeError("no broker")
        return type("Cluster", (), {"topics": dict.fromkeys(names)})
"""


@dataclass
class Registry:
    """The registry, as far as Telegraf asks."""

    status: int = 200
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def registry() -> Iterator[Registry]:
    """Run a registry."""
    state = Registry()

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            self.send_response(state.status)
            self.end_headers()
            self.wfile.write(SCHEMA if state.status == 200 else b'{"error_code":40403}')

    with serving(Server) as state.url:
        yield state


@dataclass
class Companion:
    """A running process and its surroundings."""

    folder: Path
    port: int
    process: subprocess.Popen[str]

    def has(self, *names: str | None) -> None:
        """Let the brokers have these topics, or none answer."""
        _name(self.folder, None if names == (None,) else list(names))

    @property
    def settings(self) -> str:
        """What Telegraf would read."""
        target = self.folder / "consumer.conf"
        return target.read_text() if target.exists() else ""

    def ask(self, path: str) -> tuple[int, bytes]:
        """Return status and body; 0 while nothing answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()
        except URLError:
            return 0, b""


def _name(folder: Path, names: list[str | None] | None) -> None:
    new = folder / "names.new"
    new.write_text(json.dumps(names))
    new.replace(folder / "names.json")


@contextmanager
def companion(tmp_path: Path, registry: Registry) -> Iterator[Companion]:
    """Run the companion between brokers and `registry`."""
    package = tmp_path / "client" / "confluent_kafka"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "admin.py").write_text(_CLIENT)
    (tmp_path / "username").write_text("efd-sink")
    (tmp_path / "password").write_text("secret")
    (tmp_path / "template.conf").write_text("[[consumer]]\nbrokers = []\ntopics = []\n")
    _name(tmp_path, [ATAOS, HIDDEN, f"{ATAOS}-else", "x.lsst.sal.A", "_schemas"])
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 -- the artifact under test
        [sys.executable, "-W", "error", str(SCRIPT)],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(package.parent),
            "NAMES": str(tmp_path / "names.json"),
            "BOOTSTRAP": "kafka:9092",
            "LOGIN_DIR": str(tmp_path),
            "REGISTRY_URL": registry.url,
            "TOPICS": r"lsst\.sal\.\w+\.\w+",
            "EXCLUDED_TOPICS": r"lsst\.sal\.Hid\..*",
            "CHECK_INTERVAL": "0.1",
            "OVERDUE": "1",
            "PAUSE": "0.1",
            "TEMPLATE": str(tmp_path / "template.conf"),
            "TARGET": str(tmp_path / "consumer.conf"),
            "PORT": str(port),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Companion(tmp_path, port, process)
    process.kill()
    process.communicate()


wait = partial(wait_for, what="what the companion does", seconds=10)
