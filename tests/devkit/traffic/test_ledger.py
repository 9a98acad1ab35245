"""The file of what was acknowledged."""

from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.traffic.ledger import Ledger, LedgerWriter

NAMES = ["lsst.sal.Test.scalars", "lsst.sal.Test.arrays"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


def written(path: Path, *sequences: int, seed: int = 3) -> None:
    writer = LedgerWriter(path, seed, NAMES)
    for sequence in sequences:
        efd = 1000 * sequence
        writer.acknowledged(1, sequence, efd, 0, sequence - 1, efd + 2, efd + 90)
    writer.close()


def test_what_is_written_is_read(path: Path) -> None:
    written(path, 1, 2)
    ledger = Ledger([path])
    entries = ledger.topics[NAMES[1]]
    assert (ledger.acknowledged, ledger.failed, entries.seed) == (2, 0, 3)
    assert list(entries.sequence) == [1, 2]
    assert list(entries.efd) == [1000, 2000]
    assert list(entries.offset) == [0, 1]
    assert list(entries.produced) == [1002, 2002]
    assert list(entries.acknowledged) == [1090, 2090]
    assert len(ledger.topics[NAMES[0]]) == 0


def test_a_torn_last_line_is_not_read_until_it_is_whole(path: Path) -> None:
    written(path, 1)
    with path.open("ab") as file:
        file.write(b"1 2 2000 0 1 2 9")
        file.flush()
        ledger = Ledger([path])
        assert ledger.acknowledged == 1
        file.write(b"5\n")
        file.flush()
        assert ledger.refresh() == 1
    assert list(ledger.topics[NAMES[1]].acknowledged) == [1090, 2095]


def test_a_torn_last_line_is_cut_by_the_next_writer(path: Path) -> None:
    written(path, 1)
    with path.open("ab") as file:
        file.write(b"1 2 2000 0 1 2 9")
    written(path, 3)
    assert list(Ledger([path]).topics[NAMES[1]].sequence) == [1, 3]


def test_a_torn_first_line_is_begun_again(path: Path) -> None:
    path.write_bytes(b"efd tra")
    written(path, 1)
    assert Ledger([path]).acknowledged == 1


def test_records_that_were_given_up_are_counted_apart(path: Path) -> None:
    writer = LedgerWriter(path, 3, NAMES)
    writer.failed(0, 9, 9000, "_MSG_TIMED_OUT")
    writer.close()
    entries = Ledger([path]).topics[NAMES[0]]
    assert (len(entries), list(entries.failed), entries.last) == (0, [9000], (9, 9000))


def test_a_continued_ledger_says_where_to_go_on(path: Path) -> None:
    written(path, 1, 5)
    writer = LedgerWriter(path, 3, NAMES)
    assert writer.before.topics[NAMES[1]].last == (5, 5000)
    writer.close()


def test_another_seed_would_make_other_records(path: Path, tmp_path: Path) -> None:
    written(path, 1)
    with pytest.raises(DevkitError, match="another seed"):
        LedgerWriter(path, 4, NAMES)
    written(tmp_path / "other", 1, seed=4)
    with pytest.raises(DevkitError, match="with seed 4"):
        Ledger([path, tmp_path / "other"])


def test_several_ledgers_are_one(path: Path, tmp_path: Path) -> None:
    written(path, 1)
    written(tmp_path / "other", 2)
    assert Ledger([path, tmp_path / "other", tmp_path / "none yet"]).acknowledged == 2


def test_something_else_is_no_ledger(path: Path) -> None:
    path.write_text("hello\n")
    with pytest.raises(DevkitError, match="no ledger"):
        Ledger([path])
