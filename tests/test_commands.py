"""`python -m efd_infra COMMAND`: each command around the program is there by its name."""

import subprocess
import sys

from efd_infra.__main__ import COMMANDS
from rendering.engine import ROOT

_NO_COMMANDS = {"efd_infra", "devkit"}
"""The list itself, and the development kit."""


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- ours
        [sys.executable, "-m", "efd_infra", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_package_with_a_command_is_listed() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__main__.py")}
    assert packages - _NO_COMMANDS == set(COMMANDS)


def test_a_command_is_run_with_what_follows_it() -> None:
    done = _run("verify", "--site", "nowhere", "--outputs", "/nonexistent")
    assert done.returncode == 2
    assert done.stderr == "error: there is no file of outputs /nonexistent\n"


def test_help_lists_the_commands() -> None:
    done = _run("--help")
    assert done.returncode == 0
    assert all(what in done.stderr for what in COMMANDS.values())


def test_an_unknown_command_is_told_with_those_that_are_known() -> None:
    done = _run("deploy")
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no command 'deploy'\n")
    assert all(name in done.stderr for name in COMMANDS)
