"""Tell the Telegraf beside this process which topics to read, and hand it their schemas.

Telegraf's Kafka consumer (1.37) looks for topics once, at its start, and knows no exclusion; its
Avro parser takes a schema that it cannot get for a record that cannot be read, and drops the
record. So this process asks the brokers again and again, writes the consumer's settings anew when
the list has changed (Telegraf watches the file), and stands between Telegraf and the registry: an
answer waits until the registry has one, for ever if need be, and the partition waits with it.

Telegraf sets no limit to the time of an answer. While a record waits, its consumer cannot leave the
group, and to read other topics it would have to: so the list stays as it is until nothing waits.
``/metrics`` says what waits, and for how long.
"""

# ruff: noqa: INP001, T201 -- a program by itself: what it prints is its events

import json
import os
import re
import select
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

from confluent_kafka.admin import AdminClient  # pyright: ignore[reportMissingImports]

TIMEOUT = 10
"""Seconds that the brokers or the registry may take to answer."""
PAUSE = float(os.environ.get("PAUSE", "2"))
"""Seconds until the registry is asked again."""
OVERDUE = float(os.environ["OVERDUE"])
"""Seconds after which a schema that is waited for is overdue."""
REMINDER = 60.0
"""Seconds between two lines about the same schema."""
NO_TOPICS = "topics = []"
"""What stands in the template where the topics go."""

looked = 0.0
"""When the brokers last answered; a monotonic time."""
schemas: dict[str, bytes] = {}
"""The registry's answers by path; what an id means never changes."""
awaited: dict[str, list[float]] = {}
"""For each path without an answer, since when each partition has waited; monotonic times."""
waiting = threading.Lock()
"""Held while ``awaited`` changes."""


def wanted(names: list[str]) -> list[str]:
    """Return the topics to read."""
    excluded = os.environ.get("EXCLUDED_TOPICS")
    return sorted(
        name
        for name in names
        if re.fullmatch(os.environ["TOPICS"], name)
        and not (excluded and re.fullmatch(excluded, name))
    )


def settings(topics: list[str]) -> str:
    """Return the consumer's settings; without topics there is no consumer, which would fail."""
    if not topics:
        return "# no topic matches yet\n"
    template = Path(os.environ["TEMPLATE"]).read_text(encoding="utf-8")
    return template.replace(NO_TOPICS, f"topics = {json.dumps(topics)}")


def write(text: str) -> None:
    """Replace the file in one step, and only if it changes: Telegraf reloads each time."""
    target = Path(os.environ["TARGET"])
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return
    new = target.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(target)


def login(key: str) -> str:
    """Return what a file of the Secret says, with which this process logs in at the brokers."""
    return (Path(os.environ["LOGIN_DIR"]) / key).read_text(encoding="utf-8")


def watch() -> None:
    """Look for topics, for ever."""
    global looked  # noqa: PLW0603 -- the process has one such time
    interval = float(os.environ["CHECK_INTERVAL"])
    brokers = AdminClient(
        {
            "bootstrap.servers": os.environ["BOOTSTRAP"],
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanisms": "SCRAM-SHA-512",
            "sasl.username": login("username"),
            "sasl.password": login("password"),
        }
    )
    known: list[str] = []
    while True:
        try:
            topics = wanted(list(brokers.list_topics(timeout=TIMEOUT).topics))
        except Exception as error:  # noqa: BLE001 -- whatever it is, the next look may be better
            print(f"the brokers do not answer: {error}", flush=True)
        else:
            looked = time.monotonic()
            if awaited and topics != known:
                print("other topics must wait for schemas too", flush=True)
                time.sleep(interval)
                continue
            write(settings(topics))
            for change, names in (("new", topics), ("gone", known)):
                if some := sorted(set(names) - set(known if change == "new" else topics)):
                    print(f"{change}: {', '.join(some)}", flush=True)
            known = topics
        time.sleep(interval)


def is_current() -> bool:
    """Tell whether the brokers have answered lately."""
    patience = 3 * (float(os.environ["CHECK_INTERVAL"]) + TIMEOUT)
    return looked > 0 and time.monotonic() - looked < patience


def ask(path: str) -> str:
    """Ask the registry once and keep its answer; return what is wrong, if anything is."""
    try:
        with urlopen(os.environ["REGISTRY_URL"] + path, timeout=TIMEOUT) as answer:  # noqa: S310 -- an address of ours
            body = answer.read()
        json.loads(body)["schema"]
    except (OSError, ValueError, LookupError) as error:
        return str(error)
    schemas[path] = body
    return ""


def schema(path: str, client: socket.socket) -> bytes | None:
    """Return the registry's answer, however long it takes; none when the client has gone."""
    if path in schemas or not ask(path):
        return schemas[path]
    began, said = time.monotonic(), -REMINDER
    with waiting:
        awaited.setdefault(path, []).append(began)
    try:
        while path not in schemas:
            trouble = ask(path)
            waited = time.monotonic() - began
            if trouble and waited - said >= REMINDER:
                print(f"{path}: {trouble}; waiting for {waited:.0f} s", flush=True)
                said = waited
            # Nothing more is asked over a connection before its answer: readable means closed.
            if trouble and select.select([client], [], [], PAUSE)[0]:
                return None
    finally:
        with waiting:
            awaited[path].remove(began)
            if not awaited[path]:
                del awaited[path]
    print(f"{path} is here after {time.monotonic() - began:.0f} s", flush=True)
    return schemas[path]


def metrics() -> str:
    """Return what is waited for, in the text format of Prometheus."""
    with waiting:
        waits = {path: time.monotonic() - min(since) for path, since in awaited.items()}
    overdue = sum(seconds >= OVERDUE for seconds in waits.values())
    lines = [
        "# TYPE efd_sink_schemas_awaited gauge",
        f"efd_sink_schemas_awaited {len(waits)}",
        "# TYPE efd_sink_schemas_overdue gauge",
        f"efd_sink_schemas_overdue {overdue}",
        "# TYPE efd_sink_schema_longest_wait_seconds gauge",
        f"efd_sink_schema_longest_wait_seconds {max(waits.values(), default=0):.1f}",
        "# TYPE efd_sink_schema_wait_seconds gauge",
        *(
            f'efd_sink_schema_wait_seconds{{id="{path.rpartition("/")[2]}"}} {seconds:.1f}'
            for path, seconds in sorted(waits.items())
        ),
    ]
    return "\n".join([*lines, ""])


class Handler(BaseHTTPRequestHandler):
    """What Telegraf and the probes ask."""

    def do_GET(self) -> None:
        """Answer one question."""
        if self.path == "/ready":
            status, body = (200, b"") if is_current() else (503, b"")
        elif self.path == "/metrics":
            status, body = 200, metrics().encode()
        elif re.fullmatch(r"/schemas/ids/\d+", self.path):
            answer = schema(self.path, self.connection)
            if answer is None:
                self.close_connection = True
                return
            status, body = 200, answer
        else:
            status, body = 404, b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- given
        """Keep the log for events."""


def main() -> None:
    """Serve and watch."""
    # Process 1 of a container ignores signals that nobody traps.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    watch()


if __name__ == "__main__":
    main()
