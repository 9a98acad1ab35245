"""The door to what a server shows in its own pod only, for backup and restore.

It stands in that pod. Before InfluxDB, whose port for backups knows no login, it lets through to
that port, and tells which files each shard consists of, which says whether one has changed. Before
Chronograf and Kapacitor it gives out the file that all they keep is in, and takes another one for
it: that one lies beside it until the server starts the next time, when ``adopt``, which runs
before, puts it into its place. The key of the backup opens what reads; that of a restore opens
everything. A key is never sent: the door sends a random text, and the visitor answers with what it
and the key give together (HMAC-SHA256).

PORT         where it listens
KEYS_DIR     holds the folders ``backup`` and ``restore``, or one of them, with the file ``key``
BACKUP_PORT  InfluxDB's own, on loopback
DATA_DIR     InfluxDB's folder
FILE         Chronograf's or Kapacitor's
"""

# ruff: noqa: T201 -- a program by itself: what it prints is its events

import hmac
import json
import os
import secrets
import signal
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

LIST, RELAY, FILE, REPLACE = b"L", b"R", b"F", b"P"
TAKEN = b"+"
"""What a file is answered with that is whole, and on the disk."""
NONCE = ANSWER = 32
"""Bytes of the random text, and of what answers it."""
PATIENCE = 10
"""Seconds that a visitor may take to show that he knows a key."""
CHUNK = 1 << 16
QUIET, TRIES = 2.0, 30
"""Seconds without a change after which a file is whole, and how often to wait for them."""
MUX = b"\x03"
"""What a connection to the snapshot service begins with (``snapshotter.MuxHeader``)."""
READS = (b"\x00", b"\x01")
"""Requests that change nothing: a shard, and the metadata (``snapshotter.RequestType``)."""

Address = tuple[str, int]


def knock(address: Address, key: bytes, command: bytes) -> socket.socket:
    """Return a connection that the door has taken; one that it refuses just ends."""
    visitor = socket.create_connection(address, timeout=PATIENCE)
    try:
        nonce = exactly(visitor, NONCE)
        visitor.sendall(command + _answer(key, nonce + command))
        visitor.settimeout(None)
        # A server that is gone is noticed, however long it may take to answer.
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    except BaseException:
        visitor.close()
        raise
    return visitor


def door_of(environ: Mapping[str, str], name: str = "DOOR") -> tuple[Address, bytes]:
    """Return where a door is, and the key, as a pod is told by ``name`` and ``DOOR_KEY``."""
    host, _, port = environ[name].rpartition(":")
    return (host, int(port)), Path(environ["DOOR_KEY"]).read_bytes()


def exactly(connection: socket.socket, size: int) -> bytes:
    """Return so many bytes."""
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise ConnectionError("the connection ended too early")
        parts += part
    return bytes(parts)


def _answer(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def listing(folder: Path) -> dict[str, dict[str, list[int]]]:
    """Return the files of each shard, by their names, with size and time of change.

    What a snapshot has left behind, and empty logs, are not counted: no point is in them.
    """
    found: dict[str, dict[str, list[int]]] = {}
    for kind, endings in (("data", (".tsm", ".tombstone")), ("wal", (".wal",))):
        for shard in (folder / kind).glob("*/*/*"):
            place = "/".join(shard.parts[-3:])
            for file in shard.iterdir() if shard.name.isdigit() else ():
                try:
                    stat = file.stat()
                except FileNotFoundError:
                    continue  # compacted away meanwhile
                if file.suffix in endings and stat.st_size:
                    found.setdefault(place, {})[file.name] = [stat.st_size, stat.st_mtime_ns]
    return found


def at_rest(file: Path) -> bytes:
    """Return a file that did not change before, while and after it was read."""

    def changed() -> tuple[int, int]:
        stat = file.stat()
        return stat.st_size, stat.st_mtime_ns

    for _ in range(TRIES):
        before = changed()
        time.sleep(QUIET)
        data = file.read_bytes()
        time.sleep(QUIET)
        if changed() == before:
            return data
    raise TimeoutError(f"{file} does not come to rest")


def lay_beside(file: Path, data: bytes) -> None:
    """Keep what is to take the place of a file that a server has open."""
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(_restored(file))


def adopt(file: Path) -> None:
    """Put what lies beside a file into its place; the old one stays, as ``….replaced``."""
    restored = _restored(file)
    if not restored.exists():
        return
    if file.exists():
        file.replace(file.with_name(f"{file.name}.replaced"))
    # Ended here, it goes on here the next time.
    restored.replace(file)
    print(f"{file}: replaced by the one of a restore", flush=True)


def _restored(file: Path) -> Path:
    return file.with_name(f"{file.name}.restored")


class Door(socketserver.ThreadingTCPServer):
    """Lets visitors in."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(("", int(environ["PORT"])), _Visit)
        self.environ = environ

    @property
    def target(self) -> Address:
        """The port for backups."""
        return "127.0.0.1", int(self.environ["BACKUP_PORT"])

    def purpose(self, text: bytes, answer: bytes) -> str | None:
        """Return which key the visitor knows."""
        for purpose in ("restore", "backup"):
            key = Path(self.environ["KEYS_DIR"], purpose, "key")
            if key.exists() and hmac.compare_digest(_answer(key.read_bytes(), text), answer):
                return purpose
        return None

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 -- given
        """Say it in one line."""
        print(f"{client_address}: {sys.exception()}", flush=True)


class _Visit(socketserver.BaseRequestHandler):
    """One connection."""

    server: Door  # pyright: ignore[reportIncompatibleVariableOverride]

    def handle(self) -> None:
        visitor: socket.socket = self.request
        visitor.settimeout(PATIENCE)
        nonce = secrets.token_bytes(NONCE)
        try:
            visitor.sendall(nonce)
            command = exactly(visitor, 1)
        except ConnectionError:
            return  # a probe, which only wants to know that the door is there
        purpose = self.server.purpose(nonce + command, exactly(visitor, ANSWER))
        if purpose is None:
            raise PermissionError("it knows no key")
        visitor.settimeout(None)
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if command == LIST:
            found = listing(Path(self.server.environ["DATA_DIR"]))
            visitor.sendall(json.dumps(found).encode())
        elif command == FILE:
            data = at_rest(Path(self.server.environ["FILE"]))
            visitor.sendall(struct.pack(">Q", len(data)) + data)
        elif command == REPLACE:
            _may_write(purpose)
            (size,) = struct.unpack(">Q", exactly(visitor, 8))
            lay_beside(Path(self.server.environ["FILE"]), exactly(visitor, size))
            visitor.sendall(TAKEN)
        elif command == RELAY:
            self._relay(visitor, purpose)

    def _relay(self, visitor: socket.socket, purpose: str) -> None:
        head = exactly(visitor, 2)
        if head[:1] != MUX or head[1:] not in READS:
            _may_write(purpose)
        with socket.create_connection(self.server.target) as server:
            server.sendall(head)
            there = threading.Thread(target=_pass_on, args=(visitor, server), daemon=True)
            there.start()
            _pass_on(server, visitor)


def _may_write(purpose: str) -> None:
    if purpose != "restore":
        raise PermissionError("the backup's key opens nothing that writes")


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, and that nothing more does."""
    try:
        while part := source.recv(CHUNK):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # Who is left notices it by an end that comes too early.
        for end in (source, target):
            end.close()


def main() -> None:
    """Stand in the way, for ever; or ``adopt`` what came through."""
    if sys.argv[1:] == ["adopt"]:
        adopt(Path(os.environ["FILE"]))
        return
    # Process 1 of a container ignores signals that nobody traps.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Door(os.environ).serve_forever()


if __name__ == "__main__":
    main()
