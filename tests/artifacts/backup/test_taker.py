"""A shard that InfluxDB does not give, or not all of."""

import io
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from efd_infra.artifacts.backup import take
from efd_infra.artifacts.backup.archive import BrokenArchiveError
from efd_infra.artifacts.backup.folder import Folder
from efd_infra.artifacts.backup.influx import Influx
from efd_infra.artifacts.backup.meta import Shard
from efd_infra.artifacts.backup.snapshots import Snapshots, Throttle
from efd_infra.artifacts.backup.take import Taker
from efd_infra.artifacts.backup.window import Window

SHARD = Shard(3, "efd", "autogen", 0, 1)


def _tar(*names: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in names:
            info = tarfile.TarInfo(f"efd/autogen/3/{name}")
            info.size = 4
            archive.addfile(info, io.BytesIO(b"data"))
    return out.getvalue()


class _Answers:
    """The service, which answers from a list."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)

    def shard(self, _shard: int, into: Callable[[bytes], None], _throttle: Throttle) -> None:
        into(self.answers.pop(0))


def _taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listing: dict[str, Any], *answers: bytes
) -> dict[str, int]:
    monkeypatch.setattr(take, "listed", lambda *_: {SHARD.place: listing})
    monkeypatch.setattr(take, "PAUSE", 0)
    now = time.monotonic()
    where, window = Folder(tmp_path), Window(now, now + 60)
    taker = Taker(where, Influx("http://none"), ("none", 1), b"", 1e9, window)
    _, archive, _ = taker.archive(cast("Snapshots", _Answers(*answers)), SHARD, "a.tar.gz")
    return archive.files


def test_a_shard_that_cannot_be_copied_now_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _tar("1.tsm")
    answers = (b"", whole[:700], whole)
    assert _taken(tmp_path, monkeypatch, {"1.tsm": [4, 1]}, *answers) == {"1.tsm": 4}


def test_an_archive_that_lacks_a_file_which_was_there_all_the_time_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends an archive properly also where it could not read a file."""
    listing = {"1.tsm": [4, 1], "2.tsm": [4, 1], "_1.wal": [9, 9]}
    with pytest.raises(BrokenArchiveError, match=r"left out 2\.tsm of efd/autogen/3"):
        _taken(tmp_path, monkeypatch, listing, *[_tar("1.tsm")] * take.ATTEMPTS)
    assert list(tmp_path.iterdir()) == []
