"""Keep one connector as it should be: present, current, unchanged, running.

``kafkaconnect`` says what its configuration is, from the topics that the brokers have; this
program compares it with what the workers have, puts it there, restarts what has failed, and says
over HTTP what it sees. It replaces ``kafkaconnect``'s own loop (1.3.1), which uploads once per new
topic, takes no notice of a refusal, and never looks at the connector again.
"""

# ruff: noqa: INP001, T201 -- a program by itself: what it prints is its events

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

ANSWER = 100
"""Seconds that the workers may take to answer: they give up by themselves after 90
(``apache/kafka``, ``ConnectorsResource``, ``DEFAULT_REST_REQUEST_TIMEOUT_MS``)."""
GENERATION = 60
"""Seconds that the configuration may take to be made."""
SHORTEST, LONGEST = int(os.environ.get("SHORTEST_PAUSE", "60")), 1800
"""Seconds between two restarts: the pause doubles from one to the other."""
HEALTHY = 1800
"""Seconds without a failure after which the pause is short again. More than the ten minutes for
which the sink retries before it fails: a restart alone is no recovery."""
QUOTED = 300
"""Characters of somebody else's words that fit into one line."""

BATCH, RECORD = 61, 21
"""Bytes around a record, at most, as its producer counts them before it sends (``apache/kafka``,
``DefaultRecordBatch.RECORD_BATCH_OVERHEAD``, ``DefaultRecord.MAX_RECORD_OVERHEAD``)."""
TASK = 128
"""Bytes that the workers may add to a task's configuration besides the name of its class."""

OK, ACCEPTED, NOT_FOUND, CONFLICT = 200, 202, 404, 409
STATES = ("RUNNING", "FAILED", "PAUSED", "STOPPED", "UNASSIGNED", "RESTARTING", "ABSENT", "UNKNOWN")
BY_HAND = ("PAUSED", "STOPPED")
"""States that only somebody who asked for them gives a connector."""

Config = dict[str, str]


class NoAnswerError(Exception):
    """Somebody who must be asked does not answer, or not as he should."""


def say(event: str) -> None:
    """Tell what has happened."""
    print(event, flush=True)


def largest_record(config: Config) -> int:
    """Return the bytes of the largest record that the workers write for a configuration.

    They write the connector's and each task's as a record of its own, and a task of the InfluxDB
    sink is given the whole of the connector's.
    """
    name, tasks = config["name"], int(config.get("tasks.max", "1"))
    task = {**config, "task.class": config["connector.class"]}
    return max(
        _record(f"connector-{name}", config), _record(f"task-{name}-{tasks - 1}", task) + TASK
    )


def _record(key: str, properties: Config) -> int:
    value = json.dumps({"properties": properties}, ensure_ascii=False, separators=(",", ":"))
    sizes = [len(text.encode()) for text in (key, value)]
    return BATCH + RECORD + sum(_varint(size) + size for size in sizes) + _varint(0)


def _varint(number: int) -> int:
    """Return the bytes of a number in Kafka's zigzag form."""
    return max(1, -(-(2 * number).bit_length() // 7))


def as_text(config: Mapping[str, Any]) -> Config:
    """Return a configuration as the workers store it: every value a text."""
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()
    }


def differing(one: Config, other: Config) -> str:
    """Name the keys in which two configurations differ; values may be long."""
    return ", ".join(sorted(k for k in one.keys() | other if one.get(k) != other.get(k)))


@dataclass
class Restarts:
    """When what has failed may be restarted."""

    pause: int = SHORTEST
    restarted: float | None = None
    failed: float | None = None
    """Monotonic times of the last restart, and of when a failure was last seen."""

    def due(self, now: float) -> bool:
        """Tell, of something that has failed, whether it may be restarted."""
        if self.failed is not None and now - self.failed >= HEALTHY:
            self.pause, self.restarted = SHORTEST, None
        self.failed = now
        return self.restarted is None or now - self.restarted >= self.pause

    def done(self, now: float) -> None:
        """Take note of a restart: after the first, each pause is twice the last one."""
        if self.restarted is not None:
            self.pause = min(2 * self.pause, LONGEST)
        self.restarted = now


@dataclass
class Workers:
    """Connect's REST interface, as far as one connector is concerned."""

    url: str
    name: str

    def ask(self, method: str, path: str, body: Config | None = None) -> tuple[int, Any]:
        """Return the status and what was answered."""
        request = Request(  # noqa: S310 -- an address of ours
            f"{self.url}/connectors/{quote(self.name, safe='')}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        try:
            try:
                with urlopen(request, timeout=ANSWER) as answer:  # noqa: S310 -- an address of ours
                    return answer.status, json.loads(answer.read() or b"null")
            except HTTPError as error:
                with error:
                    return error.code, _message(error.read())
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswerError(f"the workers do not answer: {error}") from None

    def get(self, path: str) -> Any:
        """Return what is there; None where there is no such connector."""
        status, answer = self.ask("GET", path)
        if status == NOT_FOUND:
            return None
        if status != OK:
            raise NoAnswerError(f"the workers answer {status}: {answer}")
        return answer


def _message(body: bytes) -> str:
    """Return the workers' own words for what is wrong, in one line."""
    try:
        text = str(json.loads(body)["message"])
    except (ValueError, LookupError, TypeError):
        text = body.decode(errors="replace")
    return " ".join(text.split())[:QUOTED]


def generate(command: list[str], additions: Config) -> Config | None:
    """Return the configuration that the connector should have; None while no topic matches."""
    try:
        done = subprocess.run(  # noqa: S603 -- a command of ours
            command, check=False, capture_output=True, text=True, timeout=GENERATION
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoAnswerError(f"the configuration cannot be made: {error}") from None
    if done.returncode:
        # Without what the Kafka client's library logs beside, with the time, at any moment.
        lines = [line for line in done.stderr.splitlines() if line and not line.startswith("%")]
        last = (lines or ["it says nothing"])[-1][:QUOTED]
        raise NoAnswerError(f"the configuration cannot be made: {last}")
    start = done.stdout.find("{\n")
    if start < 0:
        return None
    try:
        return {**as_text(json.loads(done.stdout[start:])), **additions}
    except ValueError as error:
        raise NoAnswerError(f"the configuration cannot be made: {error}") from None


@dataclass
class Manager:
    """What is known of the connector, and what is done for it."""

    workers: Workers
    wanted: Callable[[], Config | None]
    limit: int
    now: Callable[[], float] = time.monotonic
    restarts: Restarts = field(default_factory=Restarts)
    counts: Counter[str] = field(default_factory=Counter)
    stored: Config | None = None
    """What the workers had when they were last seen to have it from here."""
    trouble: str = "it has not looked yet"
    """Why the connector is not known to be as it should be; empty when it is."""
    refused: bool = False
    size: int = 0
    topics: int = 0
    """Topics that it is told; none where it follows a pattern by itself."""
    state: str = "UNKNOWN"
    tasks: list[str] = field(default_factory=list)
    succeeded: float = 0.0
    """When it was last seen that all is as it should be, in seconds since 1970."""

    def look(self) -> None:
        """Look once, and do what is needed."""
        # What has failed is restarted also while the brokers do not say which topics there are.
        troubles = [trouble for part in (self._configure, self._supervise) if (trouble := part())]
        trouble = "; ".join(dict.fromkeys(troubles))
        if trouble != self.trouble:
            say(trouble or f"{self.workers.name} is as it should be")
        self.trouble = trouble
        if not trouble:
            self.succeeded = time.time()

    def _configure(self) -> str:
        """Put the configuration there, if it is not; return what is wrong."""
        try:
            config = self.wanted()
            if config is None:
                self.topics, self.size, self.refused = 0, 0, False
                return ""
            self.topics = len(config["topics"].split(",")) if "topics" in config else 0
            self.size = largest_record(config)
            if self.size > self.limit:
                return self._refuse("size", self._too_large())
            present = self.workers.get("/config")
            if present == config:
                self.stored, self.refused = config, False
                return ""
            return self._upload(config, present)
        except NoAnswerError as error:
            return str(error)

    def _too_large(self) -> str:
        return (
            f"refused: with {self.topics} topics the largest record of the configuration has "
            f"{self.size} bytes; allowed: {self.limit}, the site's maxMessage. Exclude topics, "
            "share them between two sinks, or raise maxMessage"
        )

    def _upload(self, config: Config, present: Config | None) -> str:
        status, answer = self.workers.ask("PUT", "/config", config)
        if status == CONFLICT:
            # While they rebalance, and soon over: not what a refusal is.
            self.counts["busy"] += 1
            return "the workers rebalance: the configuration waits"
        if status // 100 != OK // 100:
            return self._refuse("workers", f"refused by the workers with {status}: {answer}")
        if present is None:
            change = "created" if self.stored is None else "put back: somebody had removed it"
        else:
            change = f"updated: {differing(config, present)}"
            if self.stored not in (None, present):
                changed = differing(self.stored or {}, present)
                change = f"put back: somebody had changed {changed}"
        self.counts["put_backs" if change.startswith("put back") else "uploads"] += 1
        self.stored, self.refused = config, False
        say(f"{self.workers.name} is {change}; topics: {self.topics}, bytes: {self.size}")
        return ""

    def _refuse(self, reason: str, trouble: str) -> str:
        if not self.refused or trouble != self.trouble:
            self.counts[f"refused_{reason}"] += 1
        self.refused = True
        return trouble

    def _supervise(self) -> str:
        """Restart what has failed, leave alone what somebody has paused; return what is wrong."""
        before = self.state
        try:
            status = self.workers.get("/status")
            self.state = status["connector"]["state"] if status else "ABSENT"
            self.tasks = [task["state"] for task in status["tasks"]] if status else []
            if self.state in BY_HAND:
                if before != self.state:
                    say(f"{self.workers.name} is {self.state}, and stays so until it is resumed")
                return ""
            if "FAILED" not in (self.state, *self.tasks):
                return ""
            if self.restarts.due(self.now()):
                self._restart()
        except NoAnswerError as error:
            self.state, self.tasks = "UNKNOWN", []
            return str(error)
        return f"failed: {_reason(status)}"

    def _restart(self) -> None:
        code, answer = self.workers.ask("POST", "/restart?includeTasks=true&onlyFailed=true")
        if code == CONFLICT:
            return  # while they rebalance
        if code // 100 != OK // 100:
            raise NoAnswerError(f"the workers answer {code} to a restart: {answer}")
        self.restarts.done(self.now())
        self.counts["restarts"] += 1
        say(
            f"{self.workers.name} had failed and is restarted; the next time not before "
            f"{self.restarts.pause} s have passed"
        )

    def metrics(self) -> str:
        """Return everything that is known, in Prometheus' text format."""
        name = self.workers.name
        values: list[tuple[str, str, str, float]] = [
            ("restarts_total", "counter", "", self.counts["restarts"]),
            ("put_backs_total", "counter", "", self.counts["put_backs"]),
            ("uploads_total", "counter", "", self.counts["uploads"]),
            ("uploads_busy_total", "counter", "", self.counts["busy"]),
            *(
                (
                    "uploads_refused_total",
                    "counter",
                    f',reason="{why}"',
                    self.counts[f"refused_{why}"],
                )
                for why in ("size", "workers")
            ),
            ("refused", "gauge", "", self.refused),
            ("config_bytes", "gauge", "", self.size),
            ("config_limit_bytes", "gauge", "", self.limit),
            ("topics", "gauge", "", self.topics),
            ("tasks", "gauge", "", len(self.tasks)),
            ("tasks_failed", "gauge", "", self.tasks.count("FAILED")),
            ("restart_pause_seconds", "gauge", "", self.restarts.pause),
            ("last_success_timestamp_seconds", "gauge", "", round(self.succeeded, 3)),
            *(
                ("state", "gauge", f',state="{state.lower()}"', self.state == state)
                for state in STATES
            ),
        ]
        lines: list[str] = []
        for metric, kind, labels, value in values:
            head = f"# TYPE efd_connector_{metric} {kind}"
            if head not in lines:
                lines.append(head)
            number = f"{float(value):.3f}".rstrip("0").rstrip(".")
            lines.append(f'efd_connector_{metric}{{connector="{name}"{labels}}} {number}')
        return "\n".join(lines) + "\n"


def _reason(status: Mapping[str, Any]) -> str:
    """Return the first line of the first failure."""
    for part in (*status["tasks"], status["connector"]):
        if part["state"] == "FAILED":
            return str(part.get("trace", "no reason is given")).partition("\n")[0][:QUOTED]
    return "no reason is given"


def handler(manager: Manager, turned: Callable[[], float], patience: float) -> type:
    """Return what answers probes and whoever collects metrics."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer one question."""
            alive = time.monotonic() - turned() < patience
            status, body = {
                "/metrics": (200, manager.metrics()),
                "/alive": (200 if alive else 503, ""),
                "/ready": (503 if manager.trouble or not alive else 200, f"{manager.trouble}\n"),
            }.get(self.path, (404, ""))
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- given
            """Keep the log for events."""

    return Handler


def main() -> None:
    """Serve and watch."""
    # Process 1 of a container ignores signals that nobody traps.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    environ = os.environ
    interval = int(environ["KAFKA_CONNECT_CHECK_INTERVAL"]) / 1000
    command = shlex.split(environ["GENERATOR"])
    additions = as_text(json.loads(Path(environ["ADDITIONS"]).read_text(encoding="utf-8")))
    manager = Manager(
        Workers(environ["KAFKA_CONNECT_URL"], environ["KAFKA_CONNECT_NAME"]),
        lambda: generate(command, additions),
        int(environ["MAX_RECORD"]),
    )
    turned = time.monotonic()
    # A look asks the workers four times at most.
    patience = 2 * (interval + GENERATION + 4 * ANSWER)
    answers = handler(manager, lambda: turned, patience)
    server = ThreadingHTTPServer(("", int(environ["PORT"])), answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while True:
        manager.look()
        turned = time.monotonic()
        time.sleep(interval)


if __name__ == "__main__":
    main()
