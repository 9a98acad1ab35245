"""The Linux namespaces in which real nodes live, and everything that talks to them.

One process holds a network, a mount and a process namespace. It is process 1 of the last: when it
ends, for whatever reason, the kernel ends every process inside, and the mounts, devices, addresses,
routes and packet filters inside are gone with them. Outside, only control groups remain, which
`release` removes.
"""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from devkit.daemon import Daemon
from devkit.errors import DevkitError
from devkit.lock import only_one
from devkit.node import cgroups
from devkit.patience import wait_until

PATIENCE = 10.0
"""Seconds for the namespaces to be made, which takes a few milliseconds."""

LAID_OVER = {
    "/var/lib": ("kubelet", "cni"),
    "/var/log": ("containers",),
}
"""Folders whose paths are built into kubelet and CNI plugins, by their parents. Inside, each parent
lies in memory, with the host's other entries where they were, so that these exist only there."""

HOSTS = Path("/etc/hosts")
"""Inside, a file of the enclosure's own, which begins as the host's."""

HERE = Path("/run/efd-enclosure")
"""Inside, the file that names the enclosure; it is written last, when everything is in place."""

FURNISH = """
set -e
lay_over() {
    parent=$1
    shift
    [ -d "$parent" ] || return 0
    mkdir -p "/run/host$parent"
    mount --rbind "$parent" "/run/host$parent"
    mount -t tmpfs -o mode=0755 tmpfs "$parent"
    for name; do mkdir "$parent/$name"; done
    find "/run/host$parent" -mindepth 1 -maxdepth 1 | while IFS= read -r entry; do
        place="$parent/${entry##*/}"
        if [ -L "$entry" ]; then
            cp -P "$entry" "$place"
        elif [ -e "$place" ]; then
            :
        elif [ -d "$entry" ]; then
            mkdir "$place"
            mount --rbind "$entry" "$place"
        elif [ -f "$entry" ]; then
            touch "$place"
            mount --bind "$entry" "$place"
        fi
    done
}
ip link set lo up
mount -t tmpfs -o mode=0755 tmpfs /run
"""
"""What process 1 does first: it mounts what programs inside must not share with the host."""

IN_FOLDER = 'cd "$1" && shift && exec "$@"'
"""Entering a mount namespace leads to its root."""

HOLD = 'trap "" CHLD; exec sleep infinity'
"""What it does then: orphans become its children, and ignoring them lets the kernel bury them."""

KERNEL_SETTINGS = {
    "vm/overcommit_memory": 1,
    "vm/panic_on_oom": 0,
    "kernel/panic": 10,
    "kernel/panic_on_oops": 1,
    "kernel/keys/root_maxkeys": 1000000,
    "kernel/keys/root_maxbytes": 25000000,
}
"""What kubelet sets for the whole machine unless it finds it so. It finds it so: inside, files with
these values lie over the kernel's own, which stay as they were."""


@dataclass(frozen=True)
class Enclosure:
    """The namespaces of one workspace."""

    folder: Path

    @property
    def holder(self) -> Daemon:
        """The process outside whose only child is process 1 inside."""
        return Daemon("enclosure", self.folder)

    def is_there(self) -> bool:
        """Whether the namespaces exist and are furnished."""
        try:
            # Its name too: until a nested one is furnished, the file is the outer one's.
            named = Path(f"/proc/{self._first()}/root{HERE}").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        return named == str(self.folder)

    def ensure(self) -> None:
        """Make the namespaces unless they exist.

        Raises DevkitError, in one line, on a machine that cannot have them.
        """
        if reason := why_not():
            raise DevkitError(f"a real node cannot run here: {reason}")
        with only_one(self.folder / "lock", "making the namespaces of real nodes"):
            if not self.is_there():
                self.release()
                self._make()

    def release(self) -> bool:
        """End everything inside and remove what it left outside; whether there was anything."""
        was_there = self.holder.pid() is not None
        if first := self._first():
            # The holder is deaf to a kind word while it waits for its child.
            with suppress(ProcessLookupError):
                os.kill(first, signal.SIGKILL)
        self.holder.stop()
        return cgroups.remove(self.folder) or was_there

    def run(self, argv: Sequence[str | Path]) -> int:
        """Run a program inside, with this program's own terminal; its exit code."""
        return subprocess.call([*self.entry(), *argv])

    def entry(self) -> list[str]:
        """Words that, put before a command, run it inside, in the same folder."""
        if not self.is_there():
            raise DevkitError("there is no running node", "`make e2e` starts one")
        inside = [f"--target={self._first()}", "--net", "--mount", "--pid"]
        return ["nsenter", *inside, "--", "sh", "-c", IN_FOLDER, "sh", str(Path.cwd())]

    def _make(self) -> None:
        made = ["--net", "--mount", "--propagation=private", "--pid", "--mount-proc"]
        script = "\n".join([FURNISH, *self._covers(), HOLD])
        argv = ["unshare", *made, "--fork", "--kill-child", "--", "sh", "-c", script]
        self.holder.start(argv, {"PATH": os.environ.get("PATH", os.defpath)})
        wait_until(lambda: self.is_there() or not self.holder.pid(), PATIENCE)
        if not self.is_there():
            words = self.holder.last_words(1) or "unshare said nothing"
            self.release()
            raise DevkitError(f"the namespaces could not be made: {words}")

    def _covers(self) -> Iterator[str]:
        """Commands that mount what is known only here, after the rest."""
        for parent, entries in LAID_OVER.items():
            yield shlex.join(["lay_over", parent, *entries])
        for name, value in KERNEL_SETTINGS.items():
            cover = self.folder / "sysctl" / name
            cover.parent.mkdir(parents=True, exist_ok=True)
            cover.write_text(f"{value}\n")
            yield shlex.join(["mount", "--bind", str(cover), f"/proc/sys/{name}"])
        hosts = self.folder / "hosts"
        hosts.write_bytes(HOSTS.read_bytes())
        yield shlex.join(["mount", "--bind", str(hosts), str(HOSTS)])
        yield f"printf %s {shlex.quote(str(self.folder))} >{HERE}.draft"
        yield f"mv {HERE}.draft {HERE}"

    def _first(self) -> int | None:
        """Process 1 inside, by its id outside."""
        pid = self.holder.pid()
        if pid is None:
            return None
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return int(children[0]) if children else None


def here() -> Path:
    """Folder of the enclosure in which this program runs."""
    try:
        return Path(HERE.read_text())
    except FileNotFoundError:
        raise DevkitError(
            "real nodes run in namespaces of their own", "`make e2e` makes them"
        ) from None


def is_inside() -> bool:
    """Whether this program runs in an enclosure."""
    return HERE.exists()


def why_not() -> str | None:
    """Why this machine can have no real node; None where it can."""
    if sys.platform != "linux":
        return f"it needs Linux, and this is {sys.platform}"
    if os.geteuid() != 0:
        return "it needs root, for namespaces, mounts and packet filters"
    tried = subprocess.run(
        ["unshare", "--net", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "t", "/mnt"],
        check=False,
        capture_output=True,
        text=True,
    )
    return f"it needs namespaces of its own: {tried.stderr.strip()}" if tried.returncode else None
