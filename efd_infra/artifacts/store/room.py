"""Tell how much room the file system of a store has, in Prometheus' format.

It stands beside the server whose store it is, because nobody else can see it: kubelet has no
figures of volumes that are directories of a node, and an agent on the node would need all mounts of
the node.
"""

# ruff: noqa: INP001 -- a program by itself

import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def metrics() -> str:
    """Return what ``statvfs`` says; free is what others than root may take."""
    room = os.statvfs(os.environ["STORE"])
    claim = os.environ["CLAIM"].format(pod=socket.gethostname())
    figures = {
        "size_bytes": room.f_blocks * room.f_frsize,
        "free_bytes": room.f_bavail * room.f_frsize,
        "files": room.f_files,
        "free_files": room.f_favail,
    }
    return "".join(
        f'# TYPE efd_claim_{name} gauge\nefd_claim_{name}{{claim="{claim}"}} {value}\n'
        for name, value in figures.items()
    )


class Handler(BaseHTTPRequestHandler):
    """What Telegraf and the probes ask."""

    def do_GET(self) -> None:
        """Answer one question."""
        # The server is no less ready for a figure that cannot be had.
        status, body = (200, b"") if self.path == "/ready" else (404, b"")
        if self.path == "/metrics":
            try:
                status, body = 200, metrics().encode()
            except OSError as error:
                status, body = 503, f"{error}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- given
        """Keep the log for events."""


def main() -> None:
    """Serve."""
    # Process 1 of a container ignores signals that nobody traps.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()


if __name__ == "__main__":
    main()
