"""Which copies go, and which stay."""

import json
from pathlib import Path
from typing import Any

import pytest

from efd_infra.artifacts.backup import copies
from efd_infra.artifacts.backup.destination import DamagedError, put
from efd_infra.artifacts.backup.folder import Folder


@pytest.fixture
def where(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def _copy(where: Folder, name: str, *shards: str) -> None:
    """Write a copy of some shards, each with the name of the state it was in."""
    said: list[dict[str, Any]] = []
    for shard in shards:
        put(where, f"influxdb/{shard}.tar.gz", shard.encode())
        key = f"influxdb/{shard}.json"
        digest = put(where, key, b"{}")
        archive = {"file": f"influxdb/{shard}.tar.gz", "bytes": len(shard)}
        said.append({"entry": key, "sha256": digest, **archive})
    copies.write(where, name, {"taken": 1.0, "shards": said, "state": []})


def _rehearsed(where: Folder, name: str, *, ok: bool) -> None:
    put(where, f"rehearsals/{name}.json", json.dumps({"ok": ok, "at": 1}).encode())


def _files(where: Folder) -> set[str]:
    return {key.removesuffix(".tar.gz") for key in where.sizes("influxdb/") if "json" not in key}


def test_shards_that_no_copy_needs_go_with_it(where: Folder) -> None:
    _copy(where, "1", "monday", "tuesday-half")
    _copy(where, "2", "monday", "tuesday")
    _copy(where, "3", "tuesday", "wednesday-half")
    assert copies.prune(where, 2) == ["1"]
    assert copies.names(where) == ["2", "3"]
    assert _files(where) == {
        "influxdb/monday",
        "influxdb/tuesday",
        "influxdb/wednesday-half",
    }


def test_copies_that_lack_something_do_not_count(where: Folder) -> None:
    _copy(where, "1", "monday")
    _copy(where, "2", "tuesday")
    where.remove("influxdb/tuesday.tar.gz")
    assert copies.prune(where, 1) == []
    assert copies.names(where) == ["1", "2"], "the newest one that is whole is the first"


def test_the_newest_that_passed_its_rehearsal_stays(where: Folder) -> None:
    for name in ("1", "2", "3"):
        _copy(where, name, name)
    _rehearsed(where, "1", ok=True)
    _rehearsed(where, "2", ok=False)
    _rehearsed(where, "3", ok=False)
    assert copies.prune(where, 1) == ["2"]
    assert copies.names(where) == ["1", "3"]
    assert set(where.sizes("rehearsals/")) == {"rehearsals/1.json", "rehearsals/3.json"}


def test_nothing_goes_while_a_copy_cannot_be_read(where: Folder) -> None:
    for name in ("1", "2", "3"):
        _copy(where, name, name)
    put(where, "copies/2.json", b"{")
    with pytest.raises(DamagedError, match=r"copies/2\.json is damaged"):
        copies.prune(where, 1)
    assert len(_files(where)) == 3


def test_a_copy_is_chosen_by_its_name(where: Folder) -> None:
    _copy(where, "1", "monday")
    _copy(where, "2", "monday")
    assert copies.newest(where).name == "2"
    assert copies.newest(where, "1").name == "1"
    with pytest.raises(DamagedError, match="there is no copy 3; there are 1, 2"):
        copies.newest(where, "3")


def test_where_there_is_nothing_there_is_no_copy(where: Folder) -> None:
    with pytest.raises(DamagedError, match="there is no copy"):
        copies.newest(where)
    assert copies.prune(where, 1) == []


def test_a_file_that_was_begun_and_not_ended_is_not_there(where: Folder) -> None:
    with pytest.raises(RuntimeError):
        _begin(where)
    assert where.sizes("") == {}


def _begin(where: Folder) -> None:
    with where.writing("a/b") as take:
        take(b"half")
        raise RuntimeError
