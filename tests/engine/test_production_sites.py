"""The tracked site files, unedited, each from an empty cluster to one that stays as it is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from rendering.engine import ROOT
from tests.engine import inventory
from tests.engine.deployment import Deployment
from tests.support.site_case import SITES

pytestmark = pytest.mark.engine

_NOT_DEPLOYED = {"base", "nts", "tucson"}
"""Sites that differ from the others in numbers and names alone: 26 s each on two cores."""


@pytest.fixture(
    scope="module", params=[each.name for each in SITES if each.name not in _NOT_DEPLOYED]
)
def site(
    request: pytest.FixtureRequest, workspace: Workspace, tools: Toolchain
) -> Iterator[Deployment]:
    """The site on a cluster of its own, just deployed for the first time."""
    tracked = replace(workspace, sites=ROOT)
    with Deployment.of(tracked, tools, request.param).running() as deployment:
        assert set(deployment.up()) == {"create"}
        yield deployment


def test_the_first_up_makes_exactly_what_the_state_says(site: Deployment) -> None:
    assert set(inventory.of_a_site(site.everything())) == site.recorded()


def test_every_workload_becomes_ready(site: Deployment) -> None:
    assert inventory.unready(site.everything()) == {}


def test_the_second_up_changes_nothing(site: Deployment) -> None:
    before = inventory.versions(site.everything())
    assert set(site.up()) == {"same"}
    assert inventory.versions(site.everything()) == before


def test_a_refresh_finds_no_drift(site: Deployment) -> None:
    look = site.look_for_drift()
    assert look.code == 0, look.said


def test_a_site_that_is_not_deployed_has_nothing_that_the_others_have_not() -> None:
    deployed = {
        (resource.token, resource.name)
        for case in SITES
        if case.name not in _NOT_DEPLOYED
        for resource in case.run.resources
    }
    for case in SITES:
        if case.name in _NOT_DEPLOYED:
            own = {(resource.token, resource.name) for resource in case.run.resources}
            assert own - deployed == set(), case.name
