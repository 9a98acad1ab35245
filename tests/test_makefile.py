"""The Makefile says one thing of each target, and the pages name no target that it lacks."""

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = sorted(p for p in ROOT.rglob("*.md") if ".venv" not in p.parts and ".devkit" not in str(p))


def _targets() -> list[str]:
    return re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


def test_no_target_has_two_recipes() -> None:
    """GNU make only warns of it, and runs the later one."""
    make = shutil.which("make")
    assert make
    asked = subprocess.run(  # noqa: S603
        [make, "--dry-run", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert asked.stderr == ""
    assert len(_targets()) == len(set(_targets()))


def test_each_phony_target_has_a_recipe() -> None:
    text = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    phony = re.search(r"^\.PHONY: (.*)", text, flags=re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(_targets())


def test_pages_name_targets_that_exist() -> None:
    named = {
        target
        for page in PAGES
        for target in re.findall(r"`make (?:-s )?([a-z][a-z0-9-]*[a-z0-9])", page.read_text())
    }
    assert named - set(_targets()) == set()
