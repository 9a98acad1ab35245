"""The Connect manager as published on the Python package index, on Debian's Python."""

import sys
from pathlib import Path

from devkit import debian
from devkit.images import pins, userland
from devkit.images.image import Image
from devkit.images.layer import Layer
from devkit.images.userland import USERLAND
from devkit.program import run
from devkit.progress import step

_FOLDER = Path(__file__).parent
_PACKAGES = ("python3",)
_PYTHON = (3, 11)
"""Debian 12's, for which wheels are chosen whichever Python runs this."""
_WITHOUT = ("media-types", "readline-common", "libreadline", "libncurses", "libsqlite3", "libdb5")
_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux2014_x86_64")


def _fill(root: Path, _cache: Path) -> None:
    with step("unpacking Python"):
        debian.unpack(_PACKAGES, root, beside=userland.PACKAGES, without=_WITHOUT)
    with step("installing the Connect manager"):
        _install(root / "usr" / "lib" / "python3" / "dist-packages")
    program = root / "usr" / "bin" / "kafkaconnect"
    program.write_text("#!/usr/bin/python3\nfrom kafkaconnect.cli import main\n\nmain()\n")
    program.chmod(0o755)
    _precompile(root)


def _install(folder: Path) -> None:
    wheels = [
        f"--requirement={_FOLDER / 'requirements.txt'}",
        "--only-binary=:all:",
        "--no-deps",
        f"--python-version={'.'.join(map(str, _PYTHON))}",
        *(f"--platform={name}" for name in _PLATFORMS),
    ]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(
        [*pip, "--no-compile", f"--target={folder}", *wheels],
        package="python3-pip",
        network="an index of Python packages",
    )


def _precompile(root: Path) -> None:
    """Save each start the compilation: a read-only root cannot keep what one start compiled."""
    if sys.version_info[:2] != _PYTHON:
        return  # it starts all the same, a second later
    # Not checked by time: all files have the same. What is compiled depends on the order of sets.
    argv = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash"]
    run(
        [*argv, "-s", root, root / "usr" / "lib"],
        package="python3",
        environ={"PYTHONHASHSEED": "0"},
    )


MANAGER = Layer(
    "connect-manager",
    (debian.release(), *_PACKAGES, *_WITHOUT),
    userland.made_with(_FOLDER),
    _fill,
)
"""``kafkaconnect`` and what it needs, below `usr/lib/python3/dist-packages`."""

IMAGE = Image(
    "connect-manager",
    pins.KAFKACONNECT,
    (USERLAND, MANAGER),
    user=1000,
    command=("kafkaconnect",),
)
