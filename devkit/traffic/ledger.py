"""Which records the brokers have acknowledged: a text file that only grows.

The first line names the seed. `topic NUMBER NAME` introduces a topic; every other line is one
record: topic number, sequence number, private_efdStamp in microseconds, then

- partition, offset (-1 where the client was not told), produced-at and acknowledged-at as
  microseconds after that stamp; or
- `!` and the reason when the record was given up, which it may have survived.

A line counts when it ends: what a killed writer leaves half written was not acknowledged.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from devkit.errors import DevkitError

TITLE = "efd traffic ledger 1 seed"

UNTOLD = -1
"""The offset of a record that a broker acknowledged without saying where: its first answer was
lost, and the record, sent again, is known as a duplicate."""


@dataclass
class Entries:
    """The acknowledged records of one topic, one item in each column, in order of the file."""

    seed: int
    sequence: "array[int]" = field(default_factory=lambda: array("q"))
    efd: "array[int]" = field(default_factory=lambda: array("q"))
    """private_efdStamp, in microseconds."""
    partition: "array[int]" = field(default_factory=lambda: array("q"))
    offset: "array[int]" = field(default_factory=lambda: array("q"))
    produced: "array[int]" = field(default_factory=lambda: array("q"))
    """When the client was given the record, in microseconds of Unix time."""
    acknowledged: "array[int]" = field(default_factory=lambda: array("q"))
    """When the acknowledgement was seen, in microseconds of Unix time."""
    failed: "array[int]" = field(default_factory=lambda: array("q"))
    """private_efdStamp of records that were given up, in microseconds."""
    last: tuple[int, int] = (0, 0)
    """Highest sequence number and highest stamp, of acknowledged and failed records."""

    def __len__(self) -> int:
        """Count acknowledged records."""
        return len(self.sequence)


class Ledger:
    """What one or more ledger files say. Memory: 48 bytes a record."""

    def __init__(self, paths: Iterable[Path]) -> None:
        """Read what the files hold now."""
        self.topics: dict[str, Entries] = {}
        self._files = [_Reader(path, self.topics) for path in paths]
        self.refresh()

    def refresh(self) -> int:
        """Read what was written since; the number of new lines."""
        return sum(file.refresh() for file in self._files)

    @property
    def acknowledged(self) -> int:
        """Number of acknowledged records."""
        return sum(len(entries) for entries in self.topics.values())

    @property
    def failed(self) -> int:
        """Number of records that were given up."""
        return sum(len(entries.failed) for entries in self.topics.values())


class _Reader:
    """One file, and how far it was read."""

    def __init__(self, path: Path, topics: dict[str, Entries]) -> None:
        self.path = path
        self._topics = topics
        self._numbers: dict[bytes, Entries] = {}
        self._seed = 0
        self._position = 0

    def refresh(self) -> int:
        try:
            with self.path.open("rb") as file:
                file.seek(self._position)
                data = file.read()
        except FileNotFoundError:
            return 0
        end = data.rfind(b"\n") + 1
        lines = data[:end].splitlines()
        first = 0
        if lines and not self._position:
            self._seed = _seed(lines[0], self.path)
            first = 1
        self._position += end
        for line in lines[first:]:
            self._take(line)
        return len(lines)

    def _take(self, line: bytes) -> None:
        number, *rest = line.split()
        if number == b"topic":
            self._introduce(*rest)
            return
        entries = self._numbers[number]
        sequence, efd = int(rest[0]), int(rest[1])
        highest, latest = entries.last
        entries.last = (max(sequence, highest), max(efd, latest))
        if rest[2] == b"!":
            entries.failed.append(efd)
            return
        entries.sequence.append(sequence)
        entries.efd.append(efd)
        entries.partition.append(int(rest[2]))
        entries.offset.append(int(rest[3]))
        entries.produced.append(efd + int(rest[4]))
        entries.acknowledged.append(efd + int(rest[5]))

    def _introduce(self, number: bytes, name: bytes) -> None:
        entries = self._topics.setdefault(name.decode(), Entries(self._seed))
        if entries.seed != self._seed:
            raise DevkitError(
                f"{self.path}: records of {name.decode()} with seed {self._seed}, elsewhere with "
                f"{entries.seed}",
                "check these ledgers one at a time",
            )
        self._numbers[number] = entries


class LedgerWriter:
    """Adds to a ledger. Lines are seen by readers after `flush`."""

    def __init__(self, path: Path, seed: int, names: Sequence[str]) -> None:
        """Continue a ledger or begin one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        _cut_torn_line(path)
        self.before = Ledger([path])
        """What the ledger held, for the producer to go on from."""
        begun = path.exists() and path.stat().st_size > 0
        if begun and _seed(_first_line(path), path) != seed:
            raise DevkitError(f"{path} was begun with another seed", "choose another --ledger")
        self._file: BinaryIO = path.open("ab", buffering=1 << 20)
        if not begun:
            self._file.write(f"{TITLE} {seed}\n".encode())
        for number, name in enumerate(names):
            self._file.write(f"topic {number} {name}\n".encode())
        self.flush()

    def acknowledged(  # noqa: PLR0913, PLR0917 - the columns of one line
        self,
        topic: int,
        sequence: int,
        efd: int,
        partition: int,
        offset: int,
        produced: int,
        acknowledged: int,
    ) -> None:
        """Add a record that the brokers have."""
        self._file.write(
            b"%d %d %d %d %d %d %d\n"
            % (topic, sequence, efd, partition, offset, produced - efd, acknowledged - efd)
        )

    def failed(self, topic: int, sequence: int, efd: int, reason: str) -> None:
        """Add a record that was given up."""
        self._file.write(f"{topic} {sequence} {efd} ! {reason}\n".encode())

    def flush(self) -> None:
        """Show everything to readers."""
        self._file.flush()

    def close(self) -> None:
        """End the file."""
        self._file.close()


def _seed(line: bytes, path: Path) -> int:
    title, _, seed = line.decode(errors="replace").strip().rpartition(" ")
    if title != TITLE:
        raise DevkitError(f"{path} is no ledger")
    return int(seed)


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline()


def _cut_torn_line(path: Path) -> None:
    if path.exists():
        data = path.read_bytes()
        with path.open("r+b") as file:
            file.truncate(data.rfind(b"\n") + 1)
