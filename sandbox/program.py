"""Runs of the `pulumi` program, and what is in the way of one."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devkit.daemon import started
from sandbox.errors import SandboxError, UnaskedError

_LOCKED = re.compile(r"created by \S+?@(?P<host>\S+) \(pid (?P<pid>\d+)\)")
_UNKNOWN = re.compile(r"no stack named")
_GRACE = 30.0
"""Seconds, at most, that an engine has to finish what it has begun, after it was told to stop."""


class UnknownStackError(SandboxError):
    """There is no such stack."""


class LockedError(SandboxError):
    """Another run holds the stack, or held it when it was killed."""

    def is_dead(self) -> bool:
        """Tell whether the holder was a process of this machine which is no more."""
        held = _LOCKED.search(str(self))
        if held is None or held["host"] != socket.gethostname():
            return False
        try:
            name = Path(f"/proc/{held['pid']}/comm").read_text(encoding="utf-8")
        except FileNotFoundError:
            return True
        if started(int(held["pid"])) is None:
            return True  # over, and only its parent has not asked for its end
        return name.strip() != "pulumi"  # the number was given to another program since


@dataclass(frozen=True)
class Program:
    """The `pulumi` on the path of ``environ``, at work in ``folder``."""

    folder: Path
    environ: Mapping[str, str]

    def run(self, arguments: Sequence[str], given: str = "") -> str:
        """Run one command in silence, and return what it prints."""
        try:
            done = subprocess.run(  # noqa: S603 -- the arguments are this package's own
                self._command(arguments),
                cwd=self.folder,
                env=dict(self.environ),
                input=given,
                check=False,
                capture_output=True,
                text=True,
            )
        except FileNotFoundError:
            raise UnaskedError("there is no pulumi on the path") from None
        if done.returncode:
            raise _failure(arguments, done.stderr + done.stdout)
        return done.stdout

    def show(self, arguments: Sequence[str], patience: float | None) -> None:
        """Run one command for a person to watch; stop it after ``patience`` seconds, if any."""
        with subprocess.Popen(  # noqa: S603 -- as above
            self._command(arguments),
            cwd=self.folder,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as pulumi:
            try:
                _, said = pulumi.communicate(timeout=patience)
            except subprocess.TimeoutExpired:
                _stop(pulumi, min(_GRACE, patience or _GRACE))
                raise SandboxError(
                    f"pulumi {arguments[0]} took more than {patience:.0f} s"
                ) from None
        if pulumi.returncode:
            raise _failure(arguments, said)

    def _command(self, arguments: Sequence[str]) -> list[str]:
        found = os.pathsep.join([self.environ.get("PATH", ""), os.defpath])
        program = next(
            (
                str(path)
                for folder in found.split(os.pathsep)
                if folder and os.access(path := Path(folder) / "pulumi", os.X_OK)
            ),
            "pulumi",
        )
        return [program, *arguments, "--non-interactive", "--color=never"]


def _stop(pulumi: "subprocess.Popen[str]", grace: float) -> None:
    pulumi.send_signal(signal.SIGINT)
    try:
        pulumi.communicate(timeout=grace)
    except subprocess.TimeoutExpired:
        pulumi.kill()
        pulumi.communicate()


def _failure(arguments: Sequence[str], said: str) -> SandboxError:
    if "currently locked" in said:
        held = _LOCKED.search(said)
        return LockedError(f"another run is at work: {held[0] if held else said.strip()}")
    if _UNKNOWN.search(said):
        return UnknownStackError(said.strip().splitlines()[0])
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line] or lines[-1:] or ["see above"]
    return SandboxError(f"pulumi {' '.join(arguments[:2])} failed: {' / '.join(errors)[:900]}")
