"""What was approved is deployed and nothing else: a plan that a preview has saved."""

from pathlib import Path

import pytest

from devkit.stack import PARALLEL
from tests.engine.deployment import Deployment, Run

pytestmark = pytest.mark.engine

INTERVAL = "monitoring.interval"


def up_as_planned(deployment: Deployment, plan: Path) -> Run:
    """Deploy what a plan says."""
    quietly = (
        "--refresh",
        "--yes",
        "--skip-preview",
        "--suppress-outputs",
        f"--parallel={PARALLEL}",
    )
    return deployment.operation("up", f"--plan={plan}", *quietly)


def saved(deployment: Deployment, plan: Path) -> None:
    """Preview, and save what would be done."""
    deployment.stack.prepare()
    run = deployment.operation("preview", f"--save-plan={plan}")
    assert run.code == 0, run.said


def test_an_empty_site_is_deployed_as_planned(empty: Deployment, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    saved(empty, plan)
    run = up_as_planned(empty, plan)
    assert run.code == 0, run.said
    assert set(empty.up()) == {"same"}


def test_a_change_is_deployed_as_planned_and_another_is_refused(
    passing: Deployment, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    with passing.described(INTERVAL, "30s"):
        saved(passing, plan)
    with passing.described(INTERVAL, "45s"):
        passing.stack.prepare()
        other = up_as_planned(passing, plan)
        assert other.code != 0
        assert "violates plan" in other.said
        assert passing.planned() == {
            "replace ConfigMap telegraf-settings",
            "update Deployment telegraf-collector",
        }, "it has done nothing"
    with passing.described(INTERVAL, "30s"):
        passing.stack.prepare()
        run = up_as_planned(passing, plan)
        assert run.code == 0, run.said
        assert passing.planned() == set()
    passing.up()
