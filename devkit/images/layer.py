"""One layer of an image: what it is made of, and its tar file."""

import hashlib
import stat
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devkit.images import sources

EPOCH = 0
"""Every file's time: the same content is to give the same digest."""


@dataclass(frozen=True)
class Layer:
    """A folder of files that one function fills, on top of others.

    `pins` and the text of `made_from` are all that its content depends on: they are its key.
    """

    name: str
    pins: tuple[str, ...]
    made_from: tuple[Path, ...]
    fill: Callable[[Path, Path], None]
    """Called with an empty folder, the root, and the folder of the cache."""

    @property
    def key(self) -> str:
        """Names one content, as far as we decide it."""
        return sources.digest(self.name, *self.pins, files=(Path(__file__), *self.made_from))


def write(root: Path, path: Path) -> None:
    """Write the tree below `root` as a tar file that depends on names and contents only."""
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        for entry in _entries(root):
            info = _header(entry, str(entry.relative_to(root)))
            if info.isreg():
                with entry.open("rb") as content:
                    tar.addfile(info, content)
            else:
                tar.addfile(info)


def digest(path: Path) -> str:
    """SHA-256 of a file, by which the layers of an image are told apart."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _entries(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        yield entry
        if entry.is_dir() and not entry.is_symlink():
            yield from _entries(entry)


def _header(entry: Path, name: str) -> tarfile.TarInfo:
    status = entry.lstat()
    info = tarfile.TarInfo(name)
    info.mtime = EPOCH
    if stat.S_ISLNK(status.st_mode):
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, str(entry.readlink()), 0o777
    elif stat.S_ISDIR(status.st_mode):
        info.type = tarfile.DIRTYPE
        info.mode = 0o1777 if status.st_mode & stat.S_ISVTX else 0o755
    else:
        # No set-user-id programs, and nothing of the umask of who builds.
        info.size, info.mode = status.st_size, 0o755 if status.st_mode & stat.S_IXUSR else 0o644
    return info
