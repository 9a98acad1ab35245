"""A folder as the destination of backups: a claim that the pods mount."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20
_NEW = ".new"


@dataclass(frozen=True)
class Folder:
    """Files below a folder."""

    root: Path

    @contextmanager
    def writing(self, key: str) -> Iterator[Callable[[bytes], None]]:
        """Give a function that takes a file piece by piece; it is there only when all of it is."""
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(path.name + _NEW)
        try:
            with new.open("wb") as file:

                def take(piece: bytes) -> None:
                    file.write(piece)

                yield take
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        new.replace(path)

    def read(self, key: str) -> Iterator[bytes]:
        """Yield a file piece by piece."""
        with (self.root / key).open("rb") as file:
            while piece := file.read(_CHUNK):
                yield piece

    def sizes(self, start: str) -> dict[str, int]:
        """Return the size of every file whose name begins with ``start``."""
        folder = self.root / start.rpartition("/")[0]
        found = {
            str(path.relative_to(self.root)): path.stat().st_size
            for path in folder.rglob("*")
            if path.is_file() and path.suffix != _NEW
        }
        return {key: size for key, size in found.items() if key.startswith(start)}

    def remove(self, key: str) -> None:
        """Remove a file, and folders that are empty then."""
        path = self.root / key
        path.unlink(missing_ok=True)
        while path.parent != self.root and not any(path.parent.iterdir()):
            path = path.parent
            path.rmdir()
