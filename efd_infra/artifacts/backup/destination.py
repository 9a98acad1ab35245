"""Where backups are kept, and that what is read there is what was written.

DESTINATION   an address, ``https://host/bucket/prefix``, or a folder
REGION        of the bucket
BUCKET_KEYS   the folder with the files ``access-key-id`` and ``secret-access-key``
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from .bucket import Bucket
from .folder import Folder
from .signature import Signer


class Destination(Protocol):
    """Files by name; a name has parts between slashes."""

    def writing(self, key: str) -> AbstractContextManager[Callable[[bytes], None]]:
        """Give a function that takes a file piece by piece."""
        ...

    def read(self, key: str) -> Iterator[bytes]:
        """Yield a file piece by piece."""
        ...

    def sizes(self, start: str) -> dict[str, int]:
        """Return the size of every file whose name begins with ``start``."""
        ...

    def remove(self, key: str) -> None:
        """Remove a file."""
        ...


class DamagedError(Exception):
    """What is kept is not what was written."""


def destination(environ: Mapping[str, str]) -> Destination:
    """Return the destination that a pod is given."""
    place = environ["DESTINATION"]
    if "://" not in place:
        return Folder(Path(place))
    parts = urlsplit(place)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    keys = Path(environ["BUCKET_KEYS"])
    access_key, secret_key = (
        (keys / name).read_text(encoding="utf-8").strip()
        for name in ("access-key-id", "secret-access-key")
    )
    return Bucket(
        endpoint=f"{parts.scheme}://{parts.netloc}",
        name=bucket,
        prefix=f"{prefix}/" if prefix else "",
        signer=Signer(access_key, secret_key, environ["REGION"]),
    )


def put(where: Destination, key: str, data: bytes) -> str:
    """Write a small file; return its SHA-256."""
    with where.writing(key) as take:
        take(data)
    return hashlib.sha256(data).hexdigest()


def get(where: Destination, key: str, sha256: str | None = None) -> bytes:
    """Return a small file."""
    return b"".join(checked(where, key, sha256) if sha256 else _present(where, key))


def checked(where: Destination, key: str, sha256: str) -> Iterator[bytes]:
    """Yield a file piece by piece; it ends with an error where it is not what was written."""
    digest = hashlib.sha256()
    for piece in _present(where, key):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        raise DamagedError(f"{key} is damaged: its SHA-256 is {digest.hexdigest()}, not {sha256}")


def _present(where: Destination, key: str) -> Iterator[bytes]:
    try:
        yield from where.read(key)
    except FileNotFoundError:
        raise DamagedError(f"{key} is missing") from None
