"""Two sites side by side, each on a cluster of its own, and how one comes and goes."""

import pytest

from tests.engine import inventory
from tests.engine.deployment import Deployment

pytestmark = pytest.mark.engine


def test_two_sites_side_by_side_do_not_touch_each_other(
    lasting: Deployment, passing: Deployment
) -> None:
    one, other = (inventory.versions(d.everything()) for d in (lasting, passing))
    with passing.deployed("monitoring.interval", "20s"):
        assert inventory.versions(lasting.everything()) == one
        assert inventory.versions(passing.everything()) != other
    other = inventory.versions(passing.everything())
    with lasting.deployed("monitoring.interval", "20s"):
        assert inventory.versions(passing.everything()) == other


def test_a_first_up_works_with_the_parallelism_of_one_core(empty: Deployment) -> None:
    run = empty.operation("up", "--yes", "--skip-preview", "--parallel=4")
    assert run.code == 0, run.said
    assert set(inventory.of_a_site(empty.everything())) == empty.recorded()


def test_a_disposable_site_goes_without_a_trace(lasting: Deployment, empty: Deployment) -> None:
    without, neighbour = empty.everything(), inventory.versions(lasting.everything())
    empty.up()
    kinds = {name.split()[0] for name in inventory.of_a_site(empty.everything())}
    assert {"Namespace", "PersistentVolumeClaim", "Secret", "StatefulSet"} <= kinds
    gone = empty.destroy()
    assert gone.code == 0, gone.said
    assert empty.resources() == []
    left = set(empty.everything()) - set(without)
    assert {key for key in left if key.split()[0] not in inventory.RESTLESS} == set(), (
        "no namespace, no claim, no volume, nothing"
    )
    assert inventory.versions(lasting.everything()) == neighbour
