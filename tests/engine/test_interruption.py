"""`up` is killed in the middle, and run again."""

import os
import signal

import pytest

from devkit.patience import wait_until
from tests.engine import inventory
from tests.engine.deployment import Deployment

pytestmark = pytest.mark.engine

PATIENCE = 60.0
"""Seconds for a moment of a deployment to come."""


@pytest.mark.parametrize("kind", ["Secret", "Deployment"])
def test_an_up_killed_in_the_middle_is_finished_by_the_next(empty: Deployment, kind: str) -> None:
    with empty.begin_up() as killed:
        try:
            came = wait_until(lambda: kind in _kinds(empty) or killed.poll() is not None, PATIENCE)
        finally:
            os.killpg(killed.pid, signal.SIGKILL)
    assert came
    assert killed.returncode == -signal.SIGKILL, "it had not ended by itself"
    begun = set(inventory.of_a_site(empty.everything()))

    with empty.begin_up() as again:
        said, _ = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0, said.decode()

    made = inventory.of_a_site(empty.everything())
    assert set(made) == empty.recorded(), "nothing is left that no state knows of"
    assert len(made) > len(begun), "it was killed before the end"
    assert set(empty.up()) == {"same"}


def _kinds(deployment: Deployment) -> set[str]:
    return {key.split()[0] for key in inventory.of_a_site(deployment.everything())}
