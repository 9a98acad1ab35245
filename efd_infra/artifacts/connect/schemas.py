"""Stand between a Connect worker and the registry, and answer only when there is an answer.

To Confluent's Avro converter (7.2) a registry that does not answer, and a schema that it does not
know yet, are records that cannot be read: no exception of those that Connect retries. With a
dead-letter topic good records would go there whenever the registry restarts, or a mirrored schema
comes later than its records. So a question waits here, and the converter with it.
"""

# ruff: noqa: INP001, T201 -- a program by itself: what it prints is its events

import os
import re
import signal
import sys
import threading
import time
from email.message import Message
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

TIMEOUT = 10
"""Seconds that the registry may take to answer."""
PAUSE = float(os.environ.get("PAUSE", "2"))
"""Seconds until it is asked again."""
HOLD = float(os.environ.get("HOLD", "20"))
"""Seconds after which a waiting converter is sent a blank, again and again: it takes a minute of
silence for a failure (``confluentinc/schema-registry`` 7.2, ``RestService``), and JSON may begin
with blanks. Until then an answer keeps its status."""
UNKNOWN = float(os.environ["UNKNOWN_SCHEMA"])
"""Seconds after which what the registry does not know is given up, and the record is a dead letter;
``inf`` where schemas may come later than their records."""
OVERDUE = float(os.environ["OVERDUE"])
"""Seconds after which a schema that is waited for is overdue."""

JSON = "application/vnd.schemaregistry.v1+json"
AGGREGATED = "/aggregated"
"""How questions begin that are for the registry of aggregates."""
OK, NOT_FOUND, TOO_MANY, INTERNAL = 200, 404, 429, 500

awaited: dict[int, float] = {}
"""For each thread that waits for an answer, since when; a monotonic time."""
given_up: set[tuple[str, bytes]] = set()
"""Questions that were answered with 404 in the end: they wait no second time."""

Answer = tuple[int, bytes]


def registry(path: str) -> tuple[str, str]:
    """Return which registry a question is for, and what is asked there."""
    aggregates = os.environ.get("AGGREGATED_REGISTRY_URL")
    if aggregates and path.startswith(f"{AGGREGATED}/"):
        return aggregates, path.removeprefix(AGGREGATED)
    return os.environ["REGISTRY_URL"], path


def ask(method: str, path: str, body: bytes, headers: Message) -> Answer | None:
    """Return the registry's answer; None when it gives none that lasts."""
    url, path = registry(path)
    kept = {key: headers[key] for key in ("Accept", "Content-Type") if key in headers}
    request = Request(url + path, body or None, kept, method=method)  # noqa: S310 -- ours
    try:
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 -- an address of ours
                return answer.status, answer.read()
        except HTTPError as error:
            with error:
                answer = error.code, error.read()
    except (OSError, HTTPException) as error:
        print(f"{method} {path}: {error}", flush=True)
        return None
    if answer[0] >= INTERNAL or answer[0] == TOO_MANY:
        print(f"{method} {path}: the registry answers {answer[0]}", flush=True)
        return None
    return answer


def is_lookup(method: str, path: str) -> bool:
    """Tell whether a question is one that a reader of records asks; others are only handed on."""
    _, path = registry(path)
    return method == "GET" or (
        method == "POST" and re.fullmatch(r"/subjects/[^/]+", path) is not None
    )


def metrics() -> str:
    """Return what is waited for, in the text format of Prometheus and the words of Telegraf's."""
    waits = [time.monotonic() - since for since in list(awaited.values())]
    figures = {
        "efd_sink_schemas_awaited": len(waits),
        "efd_sink_schemas_overdue": sum(seconds >= OVERDUE for seconds in waits),
        "efd_sink_schema_longest_wait_seconds": round(max(waits, default=0), 1),
    }
    lines = (f"# TYPE {name} gauge\n{name} {value}\n" for name, value in figures.items())
    return "".join(lines)


class Handler(BaseHTTPRequestHandler):
    """What the converters and the probes ask."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one question."""
        if self.path == "/ready":
            self._send((OK, b""))
        elif self.path == "/metrics":
            self._send((OK, metrics().encode()), "text/plain; version=0.0.4")
        else:
            self._relay()

    def do_POST(self) -> None:
        """Answer one question that has a body."""
        self._relay()

    do_PUT = do_DELETE = do_POST  # noqa: N815 -- given

    def _relay(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, _ = self.path.partition("?")
        try:
            if is_lookup(self.command, path):
                try:
                    self._wait(body)
                finally:
                    awaited.pop(threading.get_ident(), None)
            else:
                answer = ask(self.command, self.path, body, self.headers)
                self._send(answer or (502, b'{"error_code":50002,"message":"no answer"}'))
        except ConnectionError:
            self.close_connection = True  # whoever asked has gone

    def _wait(self, body: bytes) -> None:
        began, unknown_since, told = time.monotonic(), 0.0, False
        question = (self.path, body)
        while True:
            answer = ask(self.command, self.path, body, self.headers)
            now = time.monotonic()
            if answer and answer[0] == NOT_FOUND:
                unknown_since = unknown_since or now
                if question not in given_up and now - unknown_since < UNKNOWN:
                    print(f"{self.command} {self.path}: not known yet", flush=True)
                    answer = None
                elif question not in given_up:
                    print(f"{self.command} {self.path} stays unknown: dead letters", flush=True)
                    given_up.add(question)
            if answer:
                break
            awaited[threading.get_ident()] = began
            if now - began >= HOLD:
                self._blank(first=not told)
                told = True
            time.sleep(PAUSE)
        if answer[0] == OK:
            given_up.discard(question)
        if told:
            self._finish(answer)
        else:
            self._send(answer)

    def _send(self, answer: Answer, kind: str = JSON) -> None:
        status, body = answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _blank(self, *, first: bool) -> None:
        """Keep the converter waiting."""
        if first:
            self.send_response(OK)
            self.send_header("Content-Type", JSON)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
        self.wfile.write(b"1\r\n \r\n")

    def _finish(self, answer: Answer) -> None:
        """End an answer that began with blanks; one that is no success cannot say so any more."""
        status, body = answer
        if status == OK:
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        self.close_connection = status != OK

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- given
        """Keep the log for events."""


def main() -> None:
    """Serve."""
    # Process 1 of a container ignores signals that nobody traps.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()


if __name__ == "__main__":
    main()
