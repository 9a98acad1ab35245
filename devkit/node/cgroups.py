"""Control groups of the containers: the one thing of a node that lives outside its namespaces."""

import hashlib
import os
import signal
from contextlib import suppress
from pathlib import Path

from devkit.errors import DevkitError
from devkit.patience import wait_until

MOUNT = Path("/sys/fs/cgroup")

PATIENCE = 10.0
"""Seconds for the kernel to end what runs in a group."""

INHERITED = ("cpuset.cpus", "cpuset.mems")
"""Settings that a new cpuset (version 1) has empty, and no process may then enter it."""


def hierarchies() -> list[Path]:
    """Where groups are made: one folder per controller (version 1), or the single tree."""
    if (MOUNT / "cgroup.controllers").exists():
        return [MOUNT]
    return [path for path in sorted(MOUNT.iterdir()) if path.is_dir() and not path.is_symlink()]


def root(enclosure: Path) -> str:
    """Name the group below which the containers of every node of an enclosure are."""
    return f"efd-devkit-{hashlib.sha256(str(enclosure).encode()).hexdigest()[:8]}"


def ensure(enclosure: Path, site: str) -> str:
    """Make the group of one site's containers; its name as kubelet takes it."""
    name = f"{root(enclosure)}/{site}"
    for hierarchy in hierarchies():
        for group in (hierarchy / root(enclosure), hierarchy / name):
            group.mkdir(exist_ok=True)
            if (group / "cgroup.controllers").exists():
                _hand_down(group.parent)
            else:
                _inherit(group)
    return f"/{name}"


def _hand_down(parent: Path) -> None:
    """Version 2: let a group's children have every controller that it has."""
    available = (parent / "cgroup.controllers").read_text().split()
    given = (parent / "cgroup.subtree_control").read_text().split()
    if missing := [f"+{each}" for each in available if each not in given]:
        try:
            (parent / "cgroup.subtree_control").write_text(" ".join(missing))
        except OSError as error:
            raise DevkitError(
                f"the control group {parent} gives its children nothing: {error.strerror}",
                "in a container, which has processes there: run it on the machine itself",
            ) from None


def _inherit(group: Path) -> None:
    """Version 1: take what a new cpuset does not have by itself."""
    for setting in INHERITED:
        if (group / setting).exists() and not (group / setting).read_text().strip():
            (group / setting).write_text((group.parent / setting).read_text())


def end(enclosure: Path, site: str) -> None:
    """End what still runs in the group of one site's containers."""
    groups = [hierarchy / root(enclosure) / site for hierarchy in hierarchies()]
    for listed in (path for group in groups for path in group.rglob("cgroup.procs")):
        for pid in listed.read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


def remove(enclosure: Path) -> bool:
    """Remove an enclosure's groups once nothing runs in them; whether there were any."""
    paths = [hierarchy / root(enclosure) for hierarchy in hierarchies()]
    found = [path for path in paths if path.exists()]
    wait_until(lambda: all(_removed(path) for path in found), PATIENCE)
    return bool(found)


def _removed(top: Path) -> bool:
    try:
        for folder, _, _ in os.walk(top, topdown=False):
            Path(folder).rmdir()
    except OSError:  # a process in it is still being ended
        return False
    return True
