"""The process that tells Telegraf its topics and hands it their schemas."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

SCRIPT = Path(__file__).parents[2] / "efd_infra" / "artifacts" / "telegraf" / "topics.py"
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


@pytest.fixture
def registry() -> Iterator[Registry]:
    state = Registry()

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            self.send_response(state.status)
            self.end_headers()
            self.wfile.write(SCHEMA if state.status == 200 else b'{"error_code":40403}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- given
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


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


@pytest.fixture
def companion(tmp_path: Path, registry: Registry) -> Iterator[Companion]:
    package = tmp_path / "client" / "confluent_kafka"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "admin.py").write_text(_CLIENT)
    (tmp_path / "username").write_text("efd-sink")
    (tmp_path / "password").write_text("secret")
    (tmp_path / "template.conf").write_text("[[consumer]]\nbrokers = []\ntopics = []\n")
    _name(tmp_path, [ATAOS, HIDDEN, f"{ATAOS}-else", "x.lsst.sal.A", "_schemas"])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
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


def _wait(until: Callable[[], bool]) -> None:
    for _ in range(200):
        if until():
            return
        time.sleep(0.05)
    raise AssertionError("it does not come about")


def test_wanted_topics_are_written_by_name(companion: Companion) -> None:
    """Whole names match, as with Connect's manager; what is excluded is never read."""
    _wait(lambda: companion.ask("/ready")[0] == 200)
    assert companion.settings == f'[[consumer]]\nbrokers = []\ntopics = ["{ATAOS}"]\n'


def test_a_new_topic_is_added_and_a_deleted_one_goes(companion: Companion) -> None:
    """A consumer that asked for a deleted topic would make it again."""
    _wait(lambda: ATAOS in companion.settings)
    companion.has(ATAOS, ATDOME)
    _wait(lambda: f'topics = ["{ATAOS}", "{ATDOME}"]' in companion.settings)
    companion.has(ATDOME)
    _wait(lambda: f'topics = ["{ATDOME}"]' in companion.settings)


def test_the_file_stays_the_same_while_nothing_changes(companion: Companion) -> None:
    """Each new file makes Telegraf leave its group and join it again."""
    _wait(lambda: ATAOS in companion.settings)
    before = (companion.folder / "consumer.conf").stat()
    time.sleep(0.5)
    after = (companion.folder / "consumer.conf").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_without_topics_there_is_no_consumer(companion: Companion) -> None:
    companion.has("_schemas")
    _wait(lambda: companion.settings.startswith("#"))
    assert "consumer]" not in companion.settings


def test_brokers_that_do_not_answer_change_nothing(companion: Companion) -> None:
    _wait(lambda: ATAOS in companion.settings)
    companion.has(None)
    time.sleep(0.5)
    assert ATAOS in companion.settings
    assert companion.process.poll() is None
    companion.has(ATAOS, ATDOME)
    _wait(lambda: ATDOME in companion.settings)


def test_a_schema_is_asked_for_once(companion: Companion, registry: Registry) -> None:
    _wait(lambda: companion.ask("/ready")[0] == 200)
    assert [companion.ask("/schemas/ids/7") for _ in range(3)] == [(200, SCHEMA)] * 3
    assert registry.asked == ["/schemas/ids/7"]


def test_an_answer_waits_for_the_registry(companion: Companion, registry: Registry) -> None:
    """Telegraf drops a record whose schema it does not get."""
    _wait(lambda: companion.ask("/ready")[0] == 200)
    registry.status = 500
    timer = threading.Timer(0.5, lambda: setattr(registry, "status", 200))
    timer.start()
    assert companion.ask("/schemas/ids/7") == (200, SCHEMA)
    timer.join()
    assert len(registry.asked) > 1


def _gauges(companion: Companion) -> dict[str, float]:
    _, text = companion.ask("/metrics")
    lines = [line for line in text.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def _wait_for_schema(companion: Companion, path: str) -> tuple[threading.Thread, list[bytes]]:
    """Ask as Telegraf does, in another thread; its answer comes into the list."""
    answers: list[bytes] = []
    thread = threading.Thread(target=lambda: answers.append(companion.ask(path)[1]))
    thread.start()
    return thread, answers


def test_a_schema_that_the_registry_does_not_know_is_waited_for(
    companion: Companion, registry: Registry
) -> None:
    """Given up, its records would be dropped: a mirrored schema may come later than they."""
    _wait(lambda: companion.ask("/ready")[0] == 200)
    registry.status = 404
    thread, answers = _wait_for_schema(companion, "/schemas/ids/7")
    _wait(lambda: _gauges(companion)["efd_sink_schemas_overdue"] == 1)
    assert answers == []
    assert companion.ask("/ready")[0] == 200, "a restart would lose what waits"
    registry.status = 200
    thread.join(timeout=10)
    assert answers == [SCHEMA]


def test_it_says_what_it_waits_for_and_how_long(companion: Companion, registry: Registry) -> None:
    _wait(lambda: companion.ask("/ready")[0] == 200)
    assert _gauges(companion) == {
        "efd_sink_schemas_awaited": 0,
        "efd_sink_schemas_overdue": 0,
        "efd_sink_schema_longest_wait_seconds": 0,
    }
    registry.status = 404
    asked = [_wait_for_schema(companion, f"/schemas/ids/{number}") for number in (7, 7, 8)]
    _wait(lambda: _gauges(companion)["efd_sink_schemas_awaited"] == 2)
    _wait(lambda: _gauges(companion)["efd_sink_schema_longest_wait_seconds"] > 0.5)
    found = _gauges(companion)
    assert found["efd_sink_schema_longest_wait_seconds"] == max(
        found['efd_sink_schema_wait_seconds{id="7"}'], found['efd_sink_schema_wait_seconds{id="8"}']
    )
    registry.status = 200
    for thread, _ in asked:
        thread.join(timeout=10)
    assert _gauges(companion)["efd_sink_schemas_awaited"] == 0


def test_nobody_waits_for_a_telegraf_that_has_gone(
    companion: Companion, registry: Registry
) -> None:
    _wait(lambda: companion.ask("/ready")[0] == 200)
    registry.status = 404
    with socket.create_connection(("127.0.0.1", companion.port)) as telegraf:
        telegraf.sendall(b"GET /schemas/ids/7 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        _wait(lambda: _gauges(companion)["efd_sink_schemas_awaited"] == 1)
    _wait(lambda: _gauges(companion)["efd_sink_schemas_awaited"] == 0)


def test_other_topics_are_not_added_while_a_record_waits(
    companion: Companion, registry: Registry
) -> None:
    """To read them Telegraf leaves its group, which it cannot while a record waits."""
    _wait(lambda: ATAOS in companion.settings)
    registry.status = 404
    thread, _ = _wait_for_schema(companion, "/schemas/ids/7")
    _wait(lambda: _gauges(companion)["efd_sink_schemas_awaited"] == 1)
    companion.has(ATAOS, ATDOME)
    time.sleep(0.5)
    assert ATDOME not in companion.settings
    assert companion.ask("/ready")[0] == 200
    registry.status = 200
    thread.join(timeout=10)
    _wait(lambda: ATDOME in companion.settings)


def test_nothing_else_is_handed_on(companion: Companion, registry: Registry) -> None:
    _wait(lambda: companion.ask("/ready")[0] == 200)
    assert companion.ask("/subjects")[0] == 404
    assert registry.asked == []


def test_it_stops_when_asked(companion: Companion) -> None:
    _wait(lambda: companion.ask("/ready")[0] == 200)
    companion.process.send_signal(signal.SIGTERM)
    assert companion.process.wait(timeout=5) == 0
