"""The file ``pulumi-language-python`` that the Pulumi CLI looks for on PATH."""

import shlex
from pathlib import Path

NAME = "pulumi-language-python"


def write_launcher(bin_folder: Path, python: Path) -> Path:
    """Write the launcher into a folder that is on PATH, and return its path.

    `python` is the interpreter that has the program's packages, normally that of the project's
    virtual environment. It is not resolved: the link inside the environment is what finds them.
    """
    command = shlex.join([str(python.absolute()), "-u", str(Path(__file__).resolve().parent)])
    launcher = bin_folder / NAME
    launcher.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    launcher.chmod(0o755)
    return launcher
