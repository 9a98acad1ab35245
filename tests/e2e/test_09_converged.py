"""What has been through all that is still what the site files say."""

import pytest

from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", ["summit", "ldf"])
def test_up_changes_nothing_and_refresh_finds_no_drift(
    name: str, request: pytest.FixtureRequest, report: Report
) -> None:
    stand: Stand = request.getfixturevalue(name)
    changes = stand.deployment.up()
    look = stand.deployment.look_for_drift()
    report.add(
        "9",
        f"{name}: resources changed by another up",
        sum(changes.values()) - changes["same"],
        aim=0,
    )
    report.add("9", f"{name}: drift", "none" if look.code == 0 else "some", aim="none")
    assert set(changes) == {"same"}
    assert look.code == 0, look.said
