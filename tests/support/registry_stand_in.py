"""A schema registry's two answers that the aggregator asks for; a real one takes ten seconds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any


@dataclass
class RegistryStandIn:
    """Schemas by id, and the subjects that they were registered for."""

    url: str = ""
    schemas: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    subjects: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    broken: bool = False
    """Whether it answers 503."""
    _lock: Lock = field(default_factory=Lock)

    def add(self, schema: dict[str, Any], subject: str = "") -> int:
        """Register a schema, once; its id."""
        with self._lock:
            known = [number for number, each in self.schemas.items() if each == schema]
            number = known[0] if known else len(self.schemas) + 1
            self.schemas[number] = schema
            versions = self.subjects.setdefault(subject, [])
            if number not in versions:
                versions.append(number)
            return number

    def answer(self, path: str, body: bytes) -> tuple[int, Any]:
        """Return status and answer."""
        if self.broken:
            return 503, {"message": "not now"}
        _, kind, name, *_ = path.split("/")
        if kind == "subjects":
            return 200, {"id": self.add(json.loads(json.loads(body)["schema"]), name)}
        schema = self.schemas.get(int(path.rpartition("/")[2]))
        if schema is None:
            return 404, {"error_code": 40403}
        return 200, {"schema": json.dumps(schema)}


@contextmanager
def registry_stand_in() -> Iterator[RegistryStandIn]:
    """Serve one on loopback."""
    registry = RegistryStandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits 40 ms for the head's receipt

        def do_GET(self) -> None:
            """Answer one question."""
            length = int(self.headers.get("Content-Length") or 0)
            status, answer = registry.answer(self.path, self.rfile.read(length))
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 -- as the base class calls it

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- given
            """Keep the tests' output for tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        registry.url = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield registry
        server.shutdown()
