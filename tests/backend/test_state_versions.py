"""What the state of a stack once was, and how it becomes that again."""

from collections.abc import Iterator

import pytest

from backend.state import RefusedError, State, state_of
from bucket.store import Bucket
from tests.support.kept_state import HISTORY, LOCK, STATE, KeptState

HELD = {"pid": 7, "username": "ana", "hostname": "desk", "timestamp": "2026-11-28T09:00:00Z"}


@pytest.fixture
def ids(kept: KeptState) -> list[str]:
    """Versions of a state: a run that ended, one that did not, and another stack's."""
    kept.make()
    found = [kept.put(STATE, {"n": 1})]
    kept.put(f"{HISTORY}.checkpoint.json", {"n": 1})
    kept.put(f"{HISTORY}.history.json", {"kind": "update", "result": "succeeded"})
    found += [kept.put(STATE, {"n": n}) for n in (2, 3)]
    kept.put(STATE.replace("summit", "summit2"), {"n": 9})
    kept.put(f"{STATE}.bak", {"n": 9})
    return found


def test_versions_after_a_run_and_the_present_one_are_listed(
    kept: KeptState, ids: list[str]
) -> None:
    told = kept.told("versions", "--stack", "summit")
    assert [(one["id"], one["after"], one["present"]) for one in told["versions"]] == [
        (ids[2], "", True),
        (ids[0], "update, succeeded", False),
    ]
    assert told["locks"] == []
    every = kept.told("versions", "--stack", "summit", "--all")
    assert [one["id"] for one in every["versions"]] == [ids[2], ids[1], ids[0]]


def test_people_see_who_has_it_locked(kept: KeptState, ids: list[str]) -> None:
    kept.put(LOCK, HELD)
    kept.capture.readouterr()
    assert kept.ask("versions", "--stack", "summit") == 0
    said = kept.capture.readouterr().out
    assert f"locked by ana@desk (process 7) since 2026-11-28T09:00:00Z, {LOCK}" in said
    assert ids[0] in said


def test_an_older_state_is_put_back_and_the_present_one_kept(
    kept: KeptState, ids: list[str]
) -> None:
    assert kept.ask("restore", "--stack", "summit", "--version", ids[0]) == 0
    assert kept.get(STATE) == {"n": 1}
    assert f"the one before it is version {ids[2]}" in kept.capture.readouterr().out
    assert LOCK.rpartition("/")[0] not in {key.rpartition("/")[0] for key in kept.files()}
    assert kept.ask("restore", "--stack", "summit", "--version", ids[2]) == 0
    assert kept.get(STATE) == {"n": 3}


def test_a_state_that_was_removed_comes_back(kept: KeptState, ids: list[str]) -> None:
    kept.client.delete_object(Bucket=kept.bucket, Key=STATE)
    told = kept.told("versions", "--stack", "summit", "--all")
    assert [one["present"] for one in told["versions"]] == [False] * 3
    assert kept.ask("restore", "--stack", "summit", "--version", ids[2]) == 0
    assert "is version " + ids[2] + " again; there was none" in kept.capture.readouterr().out
    assert kept.get(STATE) == {"n": 3}


def test_nothing_is_put_back_while_somebody_works(kept: KeptState, ids: list[str]) -> None:
    kept.put(LOCK, HELD)
    kept.capture.readouterr()
    assert kept.ask("restore", "--stack", "summit", "--version", ids[0]) == 1
    assert "error: summit is locked: ana@desk (process 7) since" in kept.capture.readouterr().err
    assert kept.get(STATE) == {"n": 3}
    assert LOCK in kept.files()


def test_of_two_that_begin_at_once_one_waits(
    kept: KeptState, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's lock appears between the first look and our own lock."""
    bucket = Bucket(kept.bucket, "eu-west-1", kept.client)
    state = state_of(bucket, "team/", "efd", "summit")
    looks: Iterator[list[str]] = iter([[]])
    seen = State.locks
    monkeypatch.setattr(State, "locks", lambda state: next(looks, seen(state)))
    kept.put(LOCK, HELD)
    with pytest.raises(RefusedError, match="ana@desk"):
        state.restore(ids[0])
    assert kept.files() & {LOCK} == {LOCK}
    assert kept.get(STATE) == {"n": 3}


@pytest.mark.parametrize(
    ("which", "told"),
    [("none", "summit has no version none"), ("present", "is the present one")],
)
def test_a_version_that_cannot_be_put_back_is_told(
    kept: KeptState, ids: list[str], which: str, told: str
) -> None:
    version = ids[2] if which == "present" else which
    kept.capture.readouterr()
    assert kept.ask("restore", "--stack", "summit", "--version", version) == 1
    assert told in kept.capture.readouterr().err
    assert [key for key in kept.files() if "/locks/" in key] == []


def test_a_stack_that_never_was_has_no_versions(kept: KeptState) -> None:
    kept.capture.readouterr()
    assert kept.ask("versions", "--stack", "summit") == 2
    assert f"there is no bucket {kept.bucket}" in kept.capture.readouterr().err
    kept.make()
    assert kept.ask("versions", "--stack", "summit") == 2
    assert "no state of a stack summit, and never had" in kept.capture.readouterr().err
