"""The runbooks, followed on an embedded cluster: their own commands and edits, one after the other.

A fenced block after ``<!-- run -->`` is run line by line, one after ``<!-- edit -->`` is merged
into the site's file. Nobody answers questions here, so ``pulumi`` is told yes beforehand.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from rendering.engine import ROOT
from tests.engine.deployment import Deployment

pytestmark = pytest.mark.engine

FOLDER = ROOT / "docs" / "runbooks"
STEP = re.compile(
    r"^ *<!-- (?P<what>run|edit) -->\n *```(?P<kind>\w+)\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
MARK = re.compile(r"<!-- (?:run|edit) -->")
PAGES = sorted(path for path in FOLDER.glob("*.md") if MARK.search(path.read_text()))
SITE = "followed"
PATIENCE = 300

_PULUMI = """#!/bin/sh
case "$1" in
preview | refresh) set -- "$@" --config-file={config} ;;
up) set -- "$@" --config-file={config} ;;
esac
case "$1" in
up | refresh) set -- "$@" --yes --skip-preview ;;
esac
exec {pulumi} "$@" --non-interactive --color=never
"""


@dataclass(frozen=True)
class Step:
    """Something that a runbook has its reader do."""

    what: str
    text: str


def steps(page: Path) -> list[Step]:
    """Return what a page has its reader do, and this test with him."""
    return [
        Step(found["what"], _dedented(found["text"])) for found in STEP.finditer(page.read_text())
    ]


def _dedented(text: str) -> str:
    lines = text.splitlines()
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[margin:] for line in lines)


def merged(site: Any, edit: Any) -> Any:
    """Return a site with an edit in it: lists of named things are merged by their names."""
    if isinstance(site, dict) and isinstance(edit, dict):
        return {**site, **{key: merged(site.get(key), edit[key]) for key in edit}}
    if isinstance(edit, list) and isinstance(site, list):
        there = {item["name"]: item for item in site}
        wanted = {item["name"]: item for item in edit}
        return [merged(there[n], wanted[n]) if n in wanted else there[n] for n in there]
    return edit


@pytest.fixture(scope="module")
def followed(workspace: Workspace, tools: Toolchain) -> Iterator[Deployment]:
    """A site with everything that a runbook names, deployed."""
    with Deployment.of(workspace, tools, SITE).running() as deployment:
        deployment.up()
        yield deployment


@pytest.fixture
def programs(followed: Deployment, tmp_path: Path) -> Path:
    """A folder with ``pulumi`` and ``kubectl`` as a reader has them."""
    stack = followed.stack
    script = tmp_path / "pulumi"
    script.write_text(_PULUMI.format(config=stack.config_file, pulumi=stack.toolchain.pulumi))
    script.chmod(0o755)
    (tmp_path / "kubectl").symlink_to(stack.toolchain.cluster / "bin" / "kubectl")
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_runbook_can_be_followed(followed: Deployment, programs: Path, page: Path) -> None:
    """What a page has changed stays for the next one: claims that have grown cannot shrink."""
    for step in steps(page):
        if step.what == "edit":
            _edit(followed, step.text)
        else:
            _run(followed, programs, step.text)


def _edit(followed: Deployment, text: str) -> None:
    document = yaml.safe_load(followed.site_file.read_text())
    site = document["config"]["efd:site"]
    document["config"]["efd:site"] = merged(site, yaml.safe_load(text))
    assert document["config"]["efd:site"] != site, f"this edit changes nothing: {text}"
    followed.site_file.write_text(yaml.safe_dump(document))
    followed.stack.prepare()


def _run(followed: Deployment, programs: Path, text: str) -> None:
    commands = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    assert commands, f"nothing to run: {text}"
    environ = followed.stack.environ()
    done = subprocess.run(  # noqa: S603 -- the page's own words
        ["/bin/bash", "-ec", "\n".join(commands).replace("SITE", SITE)],
        cwd=_checkout(programs),
        env={**environ, "PATH": f"{programs}:{environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"


def _checkout(programs: Path) -> Path:
    """Return a checkout whose one site is the one that is followed."""
    checkout = programs / "checkout"
    if not checkout.exists():
        checkout.mkdir()
        for path in ROOT.iterdir():
            if not path.name.startswith("Pulumi."):
                (checkout / path.name).symlink_to(path)
        shutil.copy(ROOT / "Pulumi.yaml", checkout)
        shutil.copy(Path(__file__).parent / "sites" / f"Pulumi.{SITE}.yaml", checkout)
    return checkout


def test_every_mark_stands_before_a_block() -> None:
    for page in PAGES:
        assert len(MARK.findall(page.read_text())) == len(steps(page)), page.name
        assert "\n".join(step.text for step in steps(page)).strip()
