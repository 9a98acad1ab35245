"""What `refresh` finds in a cluster, against what was deployed there."""

import pytest

from tests.engine import inventory
from tests.engine.deployment import Deployment

pytestmark = pytest.mark.engine


def test_a_refresh_finds_no_drift_where_nobody_changed_anything(lasting: Deployment) -> None:
    look = lasting.look_for_drift()
    assert look.code == 0, look.said


def test_after_a_refresh_there_is_nothing_to_do(lasting: Deployment) -> None:
    before = inventory.versions(lasting.everything())
    refresh = lasting.operation("refresh", "--yes", "--skip-preview")
    assert refresh.code == 0, refresh.said
    assert lasting.planned() == set()
    assert inventory.versions(lasting.everything()) == before


def test_a_replica_count_changed_by_hand_is_found_by_refresh(lasting: Deployment) -> None:
    deployment = ("--namespace=kafdrop", "deployment/kafdrop")
    lasting.kubectl("scale", *deployment, "--replicas=2")
    try:
        look = lasting.look_for_drift()
    finally:
        lasting.kubectl("scale", *deployment, "--replicas=1")
        lasting.kubectl("rollout", "status", *deployment, "--timeout=30s")
    assert look.code != 0
    assert "replicas: 1 => 2" in look.out
    assert "~ 1 to update" in look.out, "only that one"
    assert "kafdrop-page-server" in look.out
