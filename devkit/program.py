"""A program of the machine's own, run to its end."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from devkit.errors import DevkitError

_LENGTH = 300
"""Characters of a tool's own words that fit into one message."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def run(
    argv: Sequence[str | Path],
    *,
    package: str,
    network: str = "",
    environ: Mapping[str, str] | None = None,
) -> str:
    """Run a program and return what it printed.

    Where it is missing, `package` of Debian has it; where it fails, `network` says what it may
    not have reached.
    """
    if not shutil.which(argv[0]):
        raise DevkitError(f"{argv[0]} is needed", f"Debian: apt-get install {package}")
    done = subprocess.run(
        argv,
        env={**os.environ, **(environ or {}), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise DevkitError(
            f"{Path(argv[0]).name} failed: {_telling(done.stderr + done.stdout)}",
            f"it needs {network}; run the same command again, it continues" if network else "",
        )
    return done.stdout


def _telling(output: str) -> str:
    """Find the line that says what is wrong: Maven, for one, prints its errors as output."""
    lines = [line.strip() for line in _COLOURS.sub("", output).splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower() or line.startswith("E:")]
    return (errors or lines or [""])[0][:_LENGTH]
