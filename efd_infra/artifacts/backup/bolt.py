"""Bolt's files, as far as one can see that a copy is whole (``boltdb/bolt``, ``db.go``)."""

import struct

_META = struct.Struct("<IIIIQQQQQQ")
"""Magic, version, bytes of a page, flags, root, sequence, free list, pages, transaction, sum."""
_PAGE_HEADER = 16
_MAGIC, _VERSION = 0xED0CDAED, 2
_SMALLEST, _LARGEST = 1024, 65536


class BrokenFileError(Exception):
    """It is no database, or a part of one."""


def check(data: bytes) -> None:
    """Refuse a file without a valid head, or without all the pages that its head speaks of."""
    size = _SMALLEST
    while size <= _LARGEST:
        pages = [at for at in (0, size) if _is_valid(data, at, size)]
        if pages:
            newest = max(_META.unpack_from(data, at + _PAGE_HEADER)[7:9][::-1] for at in pages)
            if len(data) < newest[1] * size:
                raise BrokenFileError(f"{len(data)} bytes of {newest[1] * size} are there")
            return
        size *= 2
    raise BrokenFileError("it has no valid head")


def _is_valid(data: bytes, at: int, size: int) -> bool:
    if len(data) < at + _PAGE_HEADER + _META.size:
        return False
    meta = _META.unpack_from(data, at + _PAGE_HEADER)
    start = at + _PAGE_HEADER
    summed = _fnv(data[start : start + _META.size - 8])
    return meta[:3] == (_MAGIC, _VERSION, size) and meta[9] == summed


def _fnv(data: bytes) -> int:
    """Return the FNV-1a sum of 64 bits."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value
