"""The beginning and the length of a sandbox's life."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from devkit.interrupted import deletions
from sandbox.certificate import CertificateKeeper, authority
from sandbox.description import described, parsed
from sandbox.errors import SandboxError
from sandbox.ground import Ground
from sandbox.marks import Marks

LONGEST = timedelta(days=7)
"""From now to its end, also when it is extended: a sandbox that is needed longer is a site."""

Say = Callable[[str], None]


def create(ground: Ground, marks: Marks, common: dict[str, Any], say: Say) -> Path | None:
    """Bring a sandbox up, or what an earlier run has left of one.

    Return the authority of its certificate; None where an issuer in its cluster makes that.

    Its stack and the mark on it come first: whatever is made after them is found by a reaper.
    """
    engine = ground.engine
    site = described(common, marks)
    secret = parsed(site).cluster.certificate.secret
    if marks.stack in engine.stacks():
        say(f"{marks.stack} is there already, or part of it; going on from there")
        if engine.tags(marks.stack) == {} and engine.state(marks.stack)["deployment"].get(
            "resources"
        ):
            raise SandboxError(f"the stack {marks.stack} has no mark of a sandbox → is it one?")
    else:
        engine.make(marks.stack)
    engine.tag(marks.stack, marks.tags)
    if secret is None:
        _bring_up(ground, marks, site)
        return None
    folder = authority(ground, marks, parsed(site))
    keeper = CertificateKeeper(ground, marks, secret, folder)
    with keeper:
        _bring_up(ground, marks, site)
    keeper.fill()
    return folder / "ca.crt"


def known(ground: Ground, name: str) -> Marks | None:
    """Return what marks the sandbox called ``name`` in its state; None where there is none."""
    stack = Marks(name=name, owner="", end=datetime.min).stack  # noqa: DTZ901 -- no time is meant
    return Marks.of_tags(stack, ground.engine.tags(stack))


def extend(ground: Ground, marks: Marks) -> None:
    """Give a sandbox the end that ``marks`` say, in its state and in the cloud.

    The state is first: both marks must have passed before a reaper touches anything.
    """
    site = ground.engine.described(marks.stack)
    if site is None:
        raise SandboxError(f"{marks.stack} was never up → create {marks.name} goes on with it")
    site = described(site, marks, renamed=True)
    parsed(site)
    ground.engine.tag(marks.stack, marks.tags)
    _bring_up(ground, marks, site)


def _bring_up(ground: Ground, marks: Marks, site: dict[str, Any]) -> None:
    ground.prepare(marks, site)
    ground.engine.configure(marks.stack, site)
    _take_up(ground, marks)
    ground.engine.up(marks.stack)


def _take_up(ground: Ground, marks: Marks) -> None:
    """Clear what a run that was killed was about to make: no state knows whether it is there."""
    state = ground.engine.state(marks.stack)["deployment"]
    pending = [p for p in state.get("pending_operations") or [] if p["type"] == "creating"]
    if not pending:
        return
    others = [p["resource"]["urn"] for p in pending if not _is_object(p)]
    if outside := [urn.rpartition("::")[2] for urn in others if "gcp:" in urn]:
        raise SandboxError(
            f"a run was killed while it made {', '.join(outside)} → destroy {marks.name}, "
            "then create it again"
        )
    for arguments in deletions(pending):
        ground.kubectl(marks, arguments)
    ground.engine.forget_half_made(marks.stack)


def _is_object(operation: dict[str, Any]) -> bool:
    return str(operation["resource"]["type"]).startswith("kubernetes:")


def pods(ground: Ground, marks: Marks) -> dict[str, bool]:
    """Return every pod of the sandbox, and whether it is ready or has done its work."""
    said = json.loads(ground.kubectl(marks, ["get", "pods", "-A", "-o", "json"]))
    return {
        f"{pod['metadata']['namespace']}/{pod['metadata']['name']}": _is_ready(pod["status"])
        for pod in said["items"]
    }


def _is_ready(status: dict[str, Any]) -> bool:
    ready = any(
        c["type"] == "Ready" and c["status"] == "True" for c in status.get("conditions", [])
    )
    return ready or status.get("phase") == "Succeeded"
