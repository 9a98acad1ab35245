"""A whole sandbox on a real node: made, tried with records, extended, removed when it has ended.

The tests go on from each other: a life has an order.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.marks import Marks
from sandbox.smoke import RECORDS
from tests.e2e.real_sandboxes import RealSandboxes
from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e

NAME = "life"
MARKS = Marks(name=NAME, owner="", end=datetime.now(UTC))


@pytest.fixture(scope="module")
def sandboxes(summit: Stand, report: Report) -> Iterator[RealSandboxes]:
    """One of them, beside the Summit, whose mirror of release files it uses."""
    ours = RealSandboxes(summit.site.workspace)
    with report.timed("22", "a sandbox made from nothing, and tried"):
        said = ours.run("create", NAME, "--ttl=1h", "--owner=tester")
    assert said.code == 0, said.text
    assert f"{RECORDS} of {RECORDS}" in said.text
    yield ours
    for cluster in ours.ground.cloud.clusters():
        ours.ground.cloud.delete(cluster)


def containers(sandboxes: RealSandboxes) -> dict[str, list[int]]:
    """Return the pods of the sandbox by identity, and how often their containers started again."""
    shown = "{range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount}\n{end}"
    get = ["get", "pods", "--all-namespaces", f"--output=jsonpath={shown}"]
    lines = sandboxes.ground.kubectl(MARKS, get).splitlines()
    return {uid: list(map(int, counts)) for uid, *counts in map(str.split, lines)}


def test_it_is_listed_with_its_owner(sandboxes: RealSandboxes) -> None:
    found = sandboxes.listed()[NAME]
    assert (found["state"], found["owner"]) == ("alive", "tester")


def test_an_extension_restarts_nothing(sandboxes: RealSandboxes) -> None:
    before = containers(sandboxes)
    assert before
    said = sandboxes.run("extend", NAME, "--ttl=3h")
    assert said.code == 0, said.text
    assert containers(sandboxes) == before
    assert sandboxes.reap(after=timedelta(hours=2))[NAME].state == "alive"


def test_what_has_ended_is_removed_in_order(sandboxes: RealSandboxes, report: Report) -> None:
    with report.timed("22", "a sandbox that has ended, removed"):
        verdict = sandboxes.reap(after=timedelta(hours=4))[NAME]
    assert verdict.state == "removed", verdict
    assert "with their cluster" not in verdict.told, "nothing had to be forced"
    assert sandboxes.listed() == {}
    assert sandboxes.ground.cloud.clusters() == []
    assert sandboxes.ground.engine.stacks() == []
    assert MARKS.stack not in Path("/proc/self/mountinfo").read_text()
