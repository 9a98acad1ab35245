"""InfluxDB's own backup service: shards as archives, out of a server and into one.

``influxd backup`` and ``influxd restore`` speak to the same service. They are not used, because
``backup`` takes a connection that broke for a file that is complete, goes on after the broken part
when it tries again, wants room for each shard twice, and knows no limit of its speed.
"""

import json
import shutil
import socket
import struct
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from .door import LIST, MUX, RELAY, Address, exactly, knock

Listing = dict[str, dict[str, list[int]]]

_SHARD, _METADATA, _IMPORT, _UPLOAD = (bytes([kind]) for kind in (0, 1, 6, 7))
"""``snapshotter.RequestType``."""
_MAGIC = 0x59590101
"""``snapshotter.BackupMagicHeader``."""
_CHUNK = 1 << 16


class ServerError(Exception):
    """InfluxDB did not do what it was asked."""


@dataclass
class Throttle:
    """Holds back what would be faster than ``rate`` bytes a second."""

    rate: float
    _next: float = 0.0

    def passed(self, size: int) -> None:
        """Wait until so many bytes more may have passed."""
        now = time.monotonic()
        self._next = max(self._next, now) + size / self.rate
        time.sleep(max(0.0, self._next - now - 0.05))


@dataclass(frozen=True)
class Snapshots:
    """The service, by the way in which it is reached."""

    dial: Callable[[], socket.socket]

    @classmethod
    def behind_door(cls, address: Address, key: bytes) -> "Snapshots":
        """Return the service behind a door."""
        return cls(lambda: knock(address, key, RELAY))

    @classmethod
    def beside(cls, address: Address) -> "Snapshots":
        """Return the service of a server without a door."""
        return cls(lambda: socket.create_connection(address))

    def metadata(self) -> bytes:
        """Return all metadata."""
        with self.dial() as connection:
            connection.sendall(MUX + _METADATA + b"{}\n")
            magic, size = struct.unpack(">QQ", exactly(connection, 16))
            if magic != _MAGIC:
                raise ServerError("the metadata is none of InfluxDB's")
            data = exactly(connection, size)
            # What follows says who the server is, which nobody asks for.
            while connection.recv(_CHUNK):
                pass
            return data

    def shard(self, shard: int, into: Callable[[bytes], None], throttle: Throttle) -> None:
        """Give the archive of a shard to ``into``, piece by piece."""
        with self.dial() as connection:
            connection.sendall(MUX + _SHARD + json.dumps({"ShardID": shard}).encode() + b"\n")
            while part := connection.recv(_CHUNK):
                throttle.passed(len(part))
                into(part)

    def create(self, metadata: bytes, source: tuple[str, str], database: str) -> dict[int, int]:
        """Make ``database`` with a policy and its shards; return their new numbers by the old.

        The server reads the metadata in one go and takes what it has then for all of it, so that
        it must be small.
        """
        name, policy = source
        request = {
            "BackupDatabase": name,
            "RestoreDatabase": database,
            "BackupRetentionPolicy": policy,
            "RestoreRetentionPolicy": policy,
            "UploadSize": len(metadata),
        }
        with self.dial() as connection:
            connection.sendall(MUX + _IMPORT + json.dumps(request).encode() + b"\n" + metadata)
            _, pairs = struct.unpack(">QQ", exactly(connection, 16))
            if not pairs:
                raise ServerError(f"database {database} cannot be made; is there one already?")
            numbers = struct.unpack(f">{2 * pairs}Q", exactly(connection, 16 * pairs))
        return dict(zip(numbers[::2], numbers[1::2], strict=True))

    def upload(self, archive: IO[bytes], shard: int, place: tuple[str, str]) -> None:
        """Put the files of an archive into the shard of a database and policy."""
        with self.dial() as connection, connection.makefile("wb") as out:
            out.write(MUX + _UPLOAD + struct.pack(">Q", shard))
            with tarfile.open(fileobj=archive, mode="r|") as files:
                for file in files:
                    file.name = "/".join([*place, str(shard), file.name.rpartition("/")[2]])
                    out.write(file.tobuf(tarfile.GNU_FORMAT))
                    content = files.extractfile(file)
                    assert content is not None  # noqa: S101 -- there is nothing but files
                    shutil.copyfileobj(content, out)
                    out.write(bytes(-file.size % tarfile.BLOCKSIZE))
            # No more than the end: what the server leaves unread resets the connection.
            out.write(bytes(2 * tarfile.BLOCKSIZE))
            out.flush()
            connection.shutdown(socket.SHUT_WR)
            # It ends the connection when the files are in place.
            while connection.recv(_CHUNK):
                pass


def listed(address: Address, key: bytes) -> Listing:
    """Return the files of each shard, as the door sees them."""
    with knock(address, key, LIST) as connection, connection.makefile("rb") as answer:
        found: Listing = json.load(answer)
    return found
