"""Files as Bolt writes them (``boltdb/bolt``), in which Chronograf and Kapacitor keep all."""

import struct


def bolt(pages: int, size: int = 4096) -> bytes:
    """Return a file of two heads and empty pages."""

    def meta(number: int, transaction: int) -> bytes:
        head = struct.pack("<QHHI", number, 4, 0, 0)
        body = struct.pack("<IIIIQQQQQ", 0xED0CDAED, 2, size, 0, 3, 0, 2, pages, transaction)
        total = 0xCBF29CE484222325
        for byte in body:
            total = (total ^ byte) * 0x100000001B3 % 2**64
        return (head + body + struct.pack("<Q", total)).ljust(size, b"\0")

    return meta(0, 7) + meta(1, 8) + bytes(size * (pages - 2))
