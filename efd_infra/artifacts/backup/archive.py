"""The archive of a shard on its way into the destination: packed, counted, and seen to be whole."""

import hashlib
import zlib
from collections.abc import Callable

_BLOCK = 512
_NAME, _SIZE = slice(0, 100), slice(124, 136)
_FAST = 1
"""Level of compression: what InfluxDB has compressed already gets hardly smaller by more work."""
_GZIP = 31
"""Window bits of zlib that ask for gzip's frame."""


class BrokenArchiveError(Exception):
    """The server ended the archive too early, or left something out."""


class Archive:
    """Takes an archive as the server sends it, and gives it on as gzip."""

    def __init__(self, into: Callable[[bytes], None]) -> None:
        self.raw = 0
        """Bytes before compression."""
        self.bytes = 0
        self.files: dict[str, int] = {}
        """Sizes by the names of the files in it."""
        self._into = into
        self._packer = zlib.compressobj(_FAST, wbits=_GZIP)
        self._digest = hashlib.sha256()
        self._block = bytearray()
        self._content = 0
        self._ended = 0

    @property
    def sha256(self) -> str:
        """The digest of what was given on."""
        return self._digest.hexdigest()

    def take(self, piece: bytes) -> None:
        """Take a piece."""
        self.raw += len(piece)
        self._look(piece)
        self._give(self._packer.compress(piece))

    def finish(self) -> None:
        """Give on the rest; refuse an archive without its end."""
        if self._content or self._block or self._ended < 2:  # noqa: PLR2004 -- blocks of zeros
            raise BrokenArchiveError(f"the server ended the archive too early, at byte {self.raw}")
        self._give(self._packer.flush())

    def _give(self, data: bytes) -> None:
        self.bytes += len(data)
        self._digest.update(data)
        self._into(data)

    def _look(self, piece: bytes) -> None:
        """Follow the headers: a connection that broke looks like the end of the archive."""
        view = memoryview(piece)
        while view:
            if self._content:
                passed = min(self._content, len(view))
                self._content -= passed
            else:
                passed = min(_BLOCK - len(self._block), len(view))
                self._block += view[:passed]
                if len(self._block) == _BLOCK:
                    self._header(bytes(self._block))
                    self._block.clear()
            view = view[passed:]

    def _header(self, block: bytes) -> None:
        if not any(block):
            self._ended += 1
            return
        try:
            size = int(block[_SIZE].rstrip(b"\0 ") or b"0", 8)
        except ValueError:
            raise BrokenArchiveError("the server sent something else than an archive") from None
        name = block[_NAME].rstrip(b"\0").decode()
        self.files[name.rpartition("/")[2]] = size
        self._content = -(-size // _BLOCK) * _BLOCK
