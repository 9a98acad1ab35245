"""What proposes newer versions sees every pin."""

import json
import re
from typing import Any

import pytest
import yaml

from rendering.engine import ROOT

VERSIONS = (ROOT / "efd_infra" / "config" / "versions.py").read_text(encoding="utf-8")
RENOVATE = json.loads((ROOT / ".github" / "renovate.json").read_text(encoding="utf-8"))
DEPENDABOT = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))


def test_renovate_reads_each_annotated_pin_and_its_present_version() -> None:
    (manager,) = RENOVATE["customManagers"]
    (pattern,) = manager["managerFilePatterns"]
    assert re.search(pattern.strip("/"), "efd_infra/config/versions.py")
    found = [
        match
        for expression in manager["matchStrings"]
        for match in re.finditer(expression.replace("(?<", "(?P<"), VERSIONS)
    ]
    assert len(found) == VERSIONS.count("# renovate:") > 10
    assert {match["datasource"] for match in found} == {"docker", "github-releases"}
    for match in found:
        assert re.search(r"\d", match["currentValue"]), match[0]
        assert match["depName"]


@pytest.mark.parametrize(
    ("ecosystem", "file"), [("gomod", "go.mod"), ("maven", "pom.xml"), ("docker", "Containerfile")]
)
def test_dependabot_looks_into_each_folder_with_pins(ecosystem: str, file: str) -> None:
    (update,) = [u for u in DEPENDABOT["updates"] if u["package-ecosystem"] == ecosystem]
    folders = {f"/{path.parent.relative_to(ROOT)}" for path in _tracked(file)}
    assert set(_folders(update)) == folders


def _folders(update: dict[str, Any]) -> list[str]:
    return update.get("directories") or [update["directory"]]


def _tracked(file: str) -> list[Any]:
    places = ("aggregator", "devkit", "images", "tests")
    return [path for place in places for path in (ROOT / place).rglob(file)]
