"""The command judges the site files of a folder."""

import json
from pathlib import Path

import pytest
import yaml

from efd_infra.__main__ import COMMANDS
from policy.commands import main
from rendering.engine import ROOT
from tests.support.full_site import full_site


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


def test_sites_that_have_one_name_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = {**full_site(), "name": "one", "alias": "one_efd"}
    for name in ("one", "two"):
        site = {"config": {"efd:site": {**one, "name": name, "alias": f"{name}_efd"}}}
        (tmp_path / f"Pulumi.{name}.yaml").write_text(yaml.safe_dump(site))
    assert main(["--rules-only", "--sites", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "timeseries.influxdb.host: given influxdb.example.org; allowed: " in said


def test_it_is_among_the_commands() -> None:
    assert "policy" in COMMANDS
