"""What a killed run leaves."""

import json
import os
from pathlib import Path

import pytest

from devkit import interrupted


def operation(kind: str, name: str, namespace: str = "") -> interrupted.Operation:
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    resource = {"urn": f"urn:{name}", "type": kind, "inputs": {"metadata": metadata}}
    return {"type": "creating", "resource": resource}


@pytest.mark.parametrize(
    ("pulumi", "kubectl"),
    [
        ("kubernetes:core/v1:Secret", "Secret"),
        ("kubernetes:apps/v1:StatefulSet", "StatefulSet.v1.apps"),
        ("kubernetes:networking.k8s.io/v1:Ingress", "Ingress.v1.networking.k8s.io"),
    ],
)
def test_kubectl_is_asked_for_exactly_the_kind_that_was_begun(pulumi: str, kubectl: str) -> None:
    assert interrupted.kubectl_kind(pulumi) == kubectl


def test_half_made_objects_are_removed_wherever_they_may_be() -> None:
    pending = [
        operation("kubernetes:core/v1:ConfigMap", "settings", "kafka"),
        operation("kubernetes:core/v1:Namespace", "kafka"),
        operation("random:index/randomPassword:RandomPassword", "password"),
    ]
    options = ["--ignore-not-found", "--timeout=60s"]
    assert interrupted.deletions(pending) == [
        ["delete", "ConfigMap", "settings", "--namespace", "kafka", *options],
        ["delete", "Namespace", "kafka", *options],
    ], "a password is in no cluster, and an object may not have been made yet"


def test_only_creations_are_taken_up(tmp_path: Path) -> None:
    state = tmp_path / "local.json"
    begun = operation("kubernetes:core/v1:Secret", "a", "b")
    operations = [begun, {**begun, "type": "updating"}]
    state.write_text(json.dumps({"checkpoint": {"latest": {"pending_operations": operations}}}))
    assert interrupted.pending_creations(state) == [begun]


@pytest.mark.parametrize("latest", [{}, {"latest": None}, {"latest": {}}])
def test_a_stack_that_was_never_deployed_has_nothing_pending(
    tmp_path: Path, latest: dict[str, object]
) -> None:
    (tmp_path / "local.json").write_text(json.dumps({"checkpoint": latest}))
    assert interrupted.pending_creations(tmp_path / "local.json") == []


def test_a_lock_whose_owner_is_no_pulumi_engine_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text(json.dumps({"pid": os.getpid()}))
    assert interrupted.wait_for_owners(tmp_path), "its process id was used again by this test"


def test_without_a_lock_there_is_nothing_to_break(tmp_path: Path) -> None:
    assert not interrupted.wait_for_owners(tmp_path / "none")


@pytest.mark.parametrize("torn", ["", '{"checkpoint": {"la'])
def test_a_torn_state_gives_way_to_the_one_before(tmp_path: Path, torn: str) -> None:
    state = tmp_path / "site.json"
    state.write_text(torn)
    assert not interrupted.mend(state), "there is none before a first one"
    (tmp_path / "site.json.bak").write_text('{"checkpoint": {}}')
    assert interrupted.mend(state)
    assert json.loads(state.read_text()) == {"checkpoint": {}}
    assert not interrupted.mend(state)


def test_a_whole_state_stays(tmp_path: Path) -> None:
    state = tmp_path / "site.json"
    state.write_text('{"checkpoint": {"latest": {}}}')
    (tmp_path / "site.json.bak").write_text('{"checkpoint": {}}')
    assert not interrupted.mend(state)
    assert "latest" in state.read_text()


def test_half_a_note_about_a_state_is_removed_and_whole_ones_stay(tmp_path: Path) -> None:
    state = tmp_path / ".pulumi" / "stacks" / "efd" / "small.json"
    history = tmp_path / ".pulumi" / "history" / "efd" / "small"
    for folder in (state.parent, history):
        folder.mkdir(parents=True)
    whole = ["small.json", "small.json.bak.attrs", "other.json", "smaller.json.attrs"]
    for name in whole:
        (state.parent / name).write_text("{}")
    assert not interrupted.is_torn(state)
    torn = [state.with_name("small.json.attrs"), history / "small-1.history.json.attrs"]
    for note in torn:
        note.write_text("")
        assert interrupted.is_torn(state)
        assert not interrupted.mend(state), "the state itself is whole"
        assert not note.exists()
    state.with_name("other.json.attrs").write_text("")
    assert not interrupted.is_torn(state), "somebody else's"
    assert {path.name for path in state.parent.iterdir()} == {*whole, "other.json.attrs"}
