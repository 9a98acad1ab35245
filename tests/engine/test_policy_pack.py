"""The policy pack in the real engine: what it lets pass, and what it refuses."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from rendering.engine import ROOT
from tests.engine.deployment import Deployment, Run

pytestmark = pytest.mark.engine

PACK = f"--policy-pack={ROOT / 'policy'}"
PROGRAMS = Path(__file__).parent / "refused"
"""Small Pulumi programs whose objects break rules."""
SECRET = "correct-horse-battery"  # noqa: S105 -- what those programs give away


def _program(name: str, beside: Deployment, folder: Path) -> Deployment:
    """Return a small program as a stack of its own, beside that of a site."""
    shutil.copytree(PROGRAMS / name, folder, dirs_exist_ok=True)
    workspace = replace(beside.stack.workspace, project=folder, sites=folder, home=folder / "home")
    workspace.home.mkdir()
    shutil.copytree(beside.stack.workspace.pulumi_home, workspace.pulumi_home, symlinks=True)
    deployment = Deployment(replace(beside.stack, site="refused", workspace=workspace))
    deployment.stack.prepare()
    return deployment


def _found(run: Run) -> list[tuple[str, str]]:
    """Return the rules that were broken, and by what, as the engine tells them."""
    return re.findall(r"- \[mandatory\]  (\S+)  \(kubernetes:\S+: (\S+)\)", run.out)


def _ran(run: Run) -> bool:
    """Tell whether the engine applied the pack, and nothing was found or could not be judged."""
    return "✅ efd@v" in run.out and not re.search(r"\[mandatory\]|can't run policy", run.said)


def test_a_first_preview_of_a_site_passes(empty: Deployment) -> None:
    """Generated passwords are not known yet, which is no violation."""
    empty.stack.prepare()
    preview = empty.operation("preview", PACK)
    assert preview.code == 0, preview.said
    assert _ran(preview), preview.said


def test_a_site_is_deployed_under_the_pack(empty: Deployment) -> None:
    empty.stack.prepare()
    up = empty.operation("up", "--yes", "--skip-preview", PACK)
    assert up.code == 0, up.said
    assert _ran(up), up.said


def test_a_durable_site_passes(lasting: Deployment) -> None:
    preview = lasting.operation("preview", "--expect-no-changes", PACK)
    assert preview.code == 0, preview.said
    assert _ran(preview), preview.said


def test_objects_that_break_rules_are_refused(passing_cluster: Deployment, tmp_path: Path) -> None:
    preview = _program("resources", passing_cluster, tmp_path).operation("preview", PACK)
    assert preview.code != 0
    assert set(_found(preview)) >= {
        ("pods-restricted", "neighbour"),
        ("images-pinned", "neighbour"),
        ("rights-named", "wildcard"),
        ("secrets-by-reference", "password"),
        ("claims-complete", "endless"),
    }, preview.said
    assert "Role default/wildcard at rules[0].resources: given *, allowed each" in preview.out
    assert SECRET not in preview.said


def test_what_a_preview_cannot_know_is_no_violation(
    passing_cluster: Deployment, tmp_path: Path
) -> None:
    preview = _program("resources", passing_cluster, tmp_path).operation("preview", PACK)
    assert {rule for rule, name in _found(preview) if name == "unknown"} == {"objects-labelled"}
    assert "can't run policy" not in preview.said


def test_objects_that_break_rules_together_are_refused(
    passing_cluster: Deployment, tmp_path: Path
) -> None:
    preview = _program("stack", passing_cluster, tmp_path).operation("preview", PACK)
    assert preview.code != 0
    assert set(_found(preview)) == {
        ("doors-declared", "door"),
        ("namespaces-closed", "place"),
        ("pods-guarded", "stranger"),
        ("replicas-budgeted", "generous"),
        ("secrets-in-place", "note"),
        ("stores-protected", "lost"),
        ("stores-protected", "place"),
    }, preview.said
    assert SECRET not in preview.said


def test_nothing_of_a_refused_program_is_applied(
    passing_cluster: Deployment, tmp_path: Path
) -> None:
    program = _program("resources", passing_cluster, tmp_path)
    refused = program.operation("up", "--yes", "--skip-preview", PACK)
    assert refused.code != 0
    applied = {r["type"] for r in program.resources() if r["type"].startswith("kubernetes:")}
    assert applied <= {"kubernetes:core/v1:ConfigMap"}, "at most the one that breaks nothing"
