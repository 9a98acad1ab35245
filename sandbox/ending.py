"""The end of one sandbox: all of it goes, in order where that works, and by force where not."""

from typing import Any

from sandbox.cloud import Found
from sandbox.engine import Engine
from sandbox.errors import BusyError, SandboxError, UnaskedError
from sandbox.ground import Ground
from sandbox.marks import Marks
from sandbox.program import UnknownStackError

_IN_CLUSTER = "kubernetes:"


def end(ground: Ground, marks: Marks, patience: float) -> list[str]:
    """Remove everything of a sandbox; return what was out of the ordinary.

    First what is in its cluster goes in order, so that disks and addresses are given back. Where
    that fails, or takes more than ``patience`` seconds (a finalizer that nobody removes keeps a
    namespace for ever), the state forgets what is in the cluster, and the cluster goes as it is.
    Whatever then has the sandbox's label is removed in the cloud itself.

    Raises
    ------
    SandboxError
        When something stays.
    """
    told: list[str] = []
    if marks.stack in ground.engine.stacks():
        try:
            told += _destroy(ground.engine, marks, patience)
        except UnknownStackError:
            told.append("another run was faster")
    cluster = cluster_of(ground, marks)
    if cluster:
        ground.cloud.delete(cluster)
    # What takes no labels costs nothing, and goes last: should it not go, nothing else stays.
    for found in (*ground.cloud.leftovers(marks.stack), *ground.cloud.unlabelled(marks.cluster)):
        ground.cloud.delete(found)
        told.append(f"{found.kind} {found.name} was left")
    ground.engine.remove(marks.stack)
    ground.forget(marks)
    return told


def cluster_of(ground: Ground, marks: Marks) -> Found | None:
    """Return the cluster of a sandbox, whatever its labels say."""
    return next((c for c in ground.cloud.clusters() if c.name == marks.cluster), None)


def _destroy(engine: Engine, marks: Marks, patience: float) -> list[str]:
    try:
        engine.destroy(marks.stack, patience)
    except (BusyError, UnknownStackError, UnaskedError):
        raise
    except SandboxError as error:
        state, forgotten = without_objects(engine.state(marks.stack))
        if not forgotten:
            raise
        engine.unlock(marks.stack)
        engine.replace_state(marks.stack, state)
        engine.destroy(marks.stack, patience)
        return [f"{forgotten} objects went with their cluster: {error}"]
    return []


def without_objects(state: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Return a state that knows nothing of what is inside a cluster, and how much that was."""
    deployment = dict(state["deployment"])
    resources = deployment.get("resources") or []
    gone = {r["urn"] for r in resources if r["type"].startswith(_IN_CLUSTER)}
    deployment["resources"] = [
        _without(resource, gone) for resource in resources if resource["urn"] not in gone
    ]
    deployment.pop("pending_operations", None)
    return {**state, "deployment": deployment}, len(gone)


def _without(resource: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    kept = dict(resource)
    if "dependencies" in kept:
        kept["dependencies"] = [urn for urn in kept["dependencies"] if urn not in gone]
    if "propertyDependencies" in kept:
        kept["propertyDependencies"] = {
            key: [urn for urn in urns or [] if urn not in gone]
            for key, urns in kept["propertyDependencies"].items()
        }
    return kept
