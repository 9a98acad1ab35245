"""A shard of a copy, put into a database of its own, or into its place."""

import base64
import gzip
from collections.abc import Iterator
from typing import IO, Any, cast

from . import meta
from .census import Stretch
from .copies import Entry
from .destination import Destination, checked
from .influx import Influx, quoted
from .snapshots import ServerError, Snapshots


class _Pieces:
    """Pieces as a file that can be read once, from its beginning."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        """Return some of the next bytes; none at the end."""
        if not self._held:
            self._held = next(self._pieces, b"")
        size = len(self._held) if size < 0 else size
        taken, self._held = self._held[:size], self._held[size:]
        return taken


def load(where: Destination, entry: Entry, snapshots: Snapshots, database: str) -> None:
    """Make ``database`` with one shard, in a policy of the same name that never expires."""
    verify(where, entry)
    metadata = base64.b64decode(entry["meta"])
    (shard,) = meta.shards(metadata)
    metadata = meta.only(metadata, shard, forever=True)
    numbers = snapshots.create(metadata, (shard.database, shard.policy), database)
    if set(numbers) != {shard.id}:
        raise ServerError(f"{database} has other shards than {shard.id}: {sorted(numbers)}")
    fill(where, entry, snapshots, numbers[shard.id], (database, shard.policy))


def verify(where: Destination, entry: Entry) -> None:
    """Refuse a damaged archive: a server is given nothing that is not known to be whole."""
    for _ in checked(where, entry["file"], entry["sha256"]):
        pass


def fill(
    where: Destination, entry: Entry, snapshots: Snapshots, shard: int, place: tuple[str, str]
) -> None:
    """Put an archive into an empty shard of a database and policy."""
    pieces = cast("Any", _Pieces(checked(where, entry["file"], entry["sha256"])))
    with gzip.GzipFile(fileobj=pieces, mode="rb") as archive:
        snapshots.upload(cast("IO[bytes]", archive), shard, place)


def new_shard(influx: Influx, snapshots: Snapshots, stretch: Stretch) -> int | None:
    """Make the shard of a stretch; None where there is one, or where shards are cut otherwise.

    One in which everything was deleted is not empty: what says so outlasts the files it is about,
    and would hide those of the same names that are put there. The server makes a shard for a point,
    which is removed again.
    """
    if _shards(snapshots, stretch):
        return None
    mark = "efd_restore"
    influx.write(stretch.database, f"{mark} f=0 {stretch.end - 1}", policy=stretch.policy)
    influx.query(f"DROP MEASUREMENT {quoted(mark)}", stretch.database)
    (made,) = _shards(snapshots, stretch)
    return made.id if (made.start, made.end) == (stretch.start, stretch.end) else None


def _shards(snapshots: Snapshots, stretch: Stretch) -> list[meta.Shard]:
    """Return those that have some of a stretch."""
    return [
        shard
        for shard in meta.shards(snapshots.metadata())
        if (shard.database, shard.policy) == (stretch.database, stretch.policy)
        and shard.start < stretch.end
        and stretch.start < shard.end
    ]
