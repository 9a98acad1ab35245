"""What an enclosure says where there can be none; tests/e2e/test_00_enclosure.py has real ones."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.node import enclosure
from devkit.node.enclosure import Enclosure


def test_without_root_it_says_so_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(DevkitError, match="a real node cannot run here: it needs root"):
        Enclosure(tmp_path / "enclosure").ensure()
    assert list(tmp_path.iterdir()) == []


def test_elsewhere_than_on_linux_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert enclosure.why_not() == "it needs Linux, and this is darwin"


def test_one_that_is_not_there_cannot_be_entered(tmp_path: Path) -> None:
    each = Enclosure(tmp_path / "enclosure")
    assert not each.is_there()
    with pytest.raises(DevkitError, match="no running node"):
        each.entry()
    assert not each.release()


def test_what_runs_outside_knows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosure, "HERE", tmp_path / "here")
    assert not enclosure.is_inside()
    with pytest.raises(DevkitError, match="namespaces of their own"):
        enclosure.here()
    (tmp_path / "here").write_text("/some/folder of mine")
    assert enclosure.is_inside()
    assert enclosure.here() == Path("/some/folder of mine")


def test_a_command_inside_begins_in_the_folder_of_its_caller(tmp_path: Path) -> None:
    place = tmp_path / "a 'quoted' folder"
    place.mkdir()
    argv = ["sh", "-c", enclosure.IN_FOLDER, "sh", str(place), "sh", "-c", 'pwd; echo "$1"', "sh"]
    done = subprocess.run([*argv, "a b"], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stdout == f"{place}\na b\n"


def test_process_1_is_a_shell_script_without_mistakes() -> None:
    script = f"{enclosure.FURNISH}\n{shlex.join(['lay_over', '/var/lib', 'cni'])}\n{enclosure.HOLD}"
    subprocess.run(["/bin/sh", "-n", "-c", script], check=True)  # noqa: S603 - ours
