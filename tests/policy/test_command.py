"""The command judges the site files of a folder."""

import json
from pathlib import Path

import pytest

from efd_infra.__main__ import COMMANDS
from policy.commands import main
from rendering.engine import ROOT


def test_the_sites_keep_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rules-only", "--sites", str(ROOT / "tests" / "e2e" / "sites"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "new": [],
        "waived": [],
        "expired": [],
        "unused": [],
    }


def test_a_folder_without_a_site_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--rules-only", "--sites", str(tmp_path)]) == 2
    assert f"no site file in {tmp_path}" in capsys.readouterr().err


def test_a_refused_site_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Pulumi.odd.yaml").write_text("config: {'efd:site': {name: odd}}")
    assert main(["--rules-only", "--sites", str(tmp_path)]) == 2
    assert "error: " in capsys.readouterr().err


def test_it_is_among_the_commands() -> None:
    assert "policy" in COMMANDS
