"""The five bytes before a record."""

import pytest

from devkit.traffic import framing


def test_an_id_comes_back() -> None:
    framed = framing.frame(100_234) + b"record"
    assert framed[:1] == b"\0"
    assert len(framed) == framing.SIZE + len(b"record")
    assert framing.schema_of(framed) == 100_234


@pytest.mark.parametrize("value", [None, b"", b"\0\0", b'{"a": 1}'])
def test_what_is_not_framed_has_no_schema(value: bytes | None) -> None:
    assert framing.schema_of(value) is None
