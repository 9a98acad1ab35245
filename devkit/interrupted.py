"""What a killed run leaves in the backend, and how the next one takes it up."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from devkit.daemon import started
from devkit.progress import say

Operation = dict[str, Any]


def wait_for_owners(locks: Path) -> bool:
    """Wait until every process that holds the stack has ended; whether a lock is left behind.

    When only `make` was killed, its Pulumi engine goes on to the end of its work.
    """
    told = False
    while owners := [lock for lock in _read_all(locks) if _is_engine(int(lock["pid"]))]:
        if not told:
            say(f"process {owners[0]['pid']} is still at work on this site; waiting for it")
            told = True
        time.sleep(0.5)
    return any(locks.glob("*.json"))


def is_torn(state: Path) -> bool:
    """Whether a run was killed while it wrote the state, or one of the notes about it."""
    return bool(_torn_notes(state)) or (state.exists() and not _is_whole(state))


def mend(state: Path) -> bool:
    """Put the state before the last one back where the last was torn; whether it was.

    A run that is killed while it writes leaves half a file. The one before it, which Pulumi keeps
    beside it, has what was begun then, so nothing is forgotten.
    """
    for note in _torn_notes(state):
        note.unlink()
    before = state.with_name(f"{state.name}.bak")
    if not state.exists() or not before.exists() or _is_whole(state):
        return False
    state.write_bytes(before.read_bytes())
    return True


def _torn_notes(state: Path) -> list[Path]:
    """Return notes (``.attrs``) about the state and its history that Pulumi could not read.

    Its backend writes one before each file, and, unlike the file, not in one step. A file without
    a note is read as well; one with half a note is not ("failed to load checkpoint: EOF").
    """
    history = state.parents[2] / "history" / state.parent.name / state.stem
    notes = [*state.parent.glob(f"{state.name}*.attrs"), *history.glob("*.attrs")]
    return [note for note in notes if not _is_whole(note)]


def _is_whole(state: Path) -> bool:
    try:
        json.loads(state.read_bytes())
    except ValueError:
        return False
    return True


def pending_creations(state: Path) -> list[Operation]:
    """Resources whose creation was begun and not seen to end."""
    if not state.exists():
        return []
    latest = json.loads(state.read_text())["checkpoint"].get("latest") or {}
    operations: list[Operation] = latest.get("pending_operations") or []
    return [each for each in operations if each["type"] == "creating"]


def deletions(pending: Sequence[Operation]) -> list[list[str]]:
    """Kubectl arguments that remove each half made object, of which no state knows.

    Pulumi's own way, `refresh --import-pending-creates`, ends with such an object neither in the
    state nor pending (seen with 3.259.0), and the next `up` with "exists already". On a cluster of
    simulated nodes an object a few seconds old holds nothing, so it is made again.
    """
    commands = []
    for resource in (each["resource"] for each in pending):
        kind = str(resource["type"])
        metadata = resource.get("inputs", {}).get("metadata", {})
        if kind.startswith("kubernetes:") and "name" in metadata:
            place = ["--namespace", metadata["namespace"]] if "namespace" in metadata else []
            name = [kubectl_kind(kind), metadata["name"], *place]
            commands.append(["delete", *name, "--ignore-not-found", "--timeout=60s"])
    return commands


def kubectl_kind(pulumi_type: str) -> str:
    """`kubernetes:apps/v1:StatefulSet` as kubectl names it: `StatefulSet.v1.apps`."""
    _, group_version, kind = pulumi_type.split(":")
    group, _, version = group_version.rpartition("/")
    return f"{kind}.{version}.{group}" if group not in {"", "core"} else kind


def _is_engine(pid: int) -> bool:
    # The lock holds no start time, so another program of a recycled id is told by its name.
    try:
        return (
            started(pid) is not None and Path(f"/proc/{pid}/comm").read_text().strip() == "pulumi"
        )
    except FileNotFoundError:
        return False


def _read_all(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in folder.glob("*.json")]
