"""Archives on their way: what the server cuts off is noticed."""

import gzip
import hashlib
import io
import tarfile

import pytest

from efd_infra.artifacts.backup.archive import Archive, BrokenArchiveError


def _tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


FILES = {"efd/autogen/3/1.tsm": b"x" * 700, "efd/autogen/3/2.tsm": b"", "efd/autogen/3/3.tsm": b"y"}
TAR = _tar(FILES)


@pytest.mark.parametrize("size", [1, 7, 512, 100_000])
def test_an_archive_is_packed_as_it_is_in_pieces_of_any_size(size: int) -> None:
    out = bytearray()
    archive = Archive(out.extend)
    for at in range(0, len(TAR), size):
        archive.take(TAR[at : at + size])
    archive.finish()
    assert gzip.decompress(bytes(out)) == TAR
    assert archive.files == {"1.tsm": 700, "2.tsm": 0, "3.tsm": 1}
    assert (archive.raw, archive.bytes) == (len(TAR), len(out))
    assert archive.sha256 == hashlib.sha256(out).hexdigest()


@pytest.mark.parametrize("length", [0, 100, 512, 1000, 512 + 1024, 512 + 1024 + 512])
def test_an_archive_that_ends_too_early_is_refused(length: int) -> None:
    """A connection that broke ends like one that was closed; also between two files."""
    archive = Archive(lambda _: None)
    archive.take(TAR[:length])
    with pytest.raises(BrokenArchiveError, match="too early"):
        archive.finish()


def test_something_else_than_an_archive_is_refused() -> None:
    with pytest.raises(BrokenArchiveError, match="something else"):
        Archive(lambda _: None).take(b"an error in words, of any length" * 16)
