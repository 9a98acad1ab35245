"""One process that outlives the command that started it and is found again by its pid file."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devkit.patience import wait_until

PATIENCE = 10.0
"""Seconds between asking a process to end and ending it."""


LAUNCH = """
read -r boot < /proc/sys/kernel/random/boot_id
printf '%s %s/%s' "$$" "$boot" "$(cut -d' ' -f22 /proc/$$/stat)" > "$1.draft"
mv "$1.draft" "$1"
shift
exec "$@"
"""
"""The process writes its own pid file before it becomes the program, so that a parent killed in
between leaves none that nobody knows of."""


@dataclass(frozen=True)
class Daemon:
    """A named process with its pid file and its log in one folder."""

    name: str
    folder: Path

    @property
    def log(self) -> Path:
        """What the process prints."""
        return self.folder / f"{self.name}.log"

    @property
    def pid_file(self) -> Path:
        """Who the process is: its id, and when it started, since ids are used again."""
        return self.folder / f"{self.name}.pid"

    def start(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start the process unless it runs already."""
        if self.pid():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.pid_file.unlink(missing_ok=True)
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                ["/bin/sh", "-c", LAUNCH, "sh", self.pid_file, *argv],
                cwd=self.folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(lambda: self.pid_file.exists() or process.poll() is not None, PATIENCE)
        # Nobody is to wait for it: it outlives this program.
        process.returncode = process.returncode or 0

    def pid(self) -> int | None:
        """Process id while the process lives."""
        try:
            pid, _, since = self.pid_file.read_text().partition(" ")
        except FileNotFoundError:
            return None
        return int(pid) if pid.isdecimal() and started(int(pid)) == since else None

    def stop(self) -> bool:
        """End the process, kindly first; True when there was one."""
        pid = self.pid()
        if pid:
            os.kill(pid, signal.SIGTERM)
            if not self._ended(PATIENCE):
                os.kill(pid, signal.SIGKILL)
                self._ended(PATIENCE)
        self.pid_file.unlink(missing_ok=True)
        return pid is not None

    def _ended(self, patience: float) -> bool:
        return wait_until(lambda: not self.pid(), patience, interval=0.02)

    def memory(self) -> int:
        """Resident memory in MiB, 0 when it does not run."""
        pid = self.pid()
        return _status_field(pid, "VmRSS") // 1024 if pid else 0

    def last_words(self, lines: int = 3) -> str:
        """Read the end of the log, for an error message."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def started(pid: int) -> str | None:
    """When the process with this id started, as clock ticks of this boot; None if there is none.

    A process that has ended but was not waited for counts as gone.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command's name, in brackets, may hold spaces; the fields after it are fixed (proc(5)):
    # state is the 3rd of all fields, start time the 22nd.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"


def _status_field(pid: int, name: str) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    values = [line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:")]
    return int(values[0]) if values else 0
