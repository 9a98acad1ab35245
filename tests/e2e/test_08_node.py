"""The node's own troubles: a container runtime that restarts, a class that cannot grow claims."""

import time

import pytest

from devkit.traffic import arrivals
from tests.e2e.load import load
from tests.e2e.report import Report
from tests.e2e.stand import Stand, is_of_a_job

pytestmark = pytest.mark.e2e


def test_everything_survives_a_restart_of_the_container_runtime(
    summit: Stand, report: Report
) -> None:
    before = restarts(summit)
    with load(summit, "runtime", "--seed=81", "--csc", "Runtime", "--rate=200") as producer:
        time.sleep(5)
        assert summit.site.daemon("containerd").stop()
        time.sleep(5)
        summit.site.start()
        time.sleep(10)
        for namespace in sorted({pod["metadata"]["namespace"] for pod in summit.everywhere()}):
            summit.wait_ready(namespace)
        ledger = producer.stop()
    after = restarts(summit)
    found = arrivals.wait(summit.influx, ledger, 120)
    report.add(
        "8",
        "containers restarted with the runtime",
        sum(after.values()) - sum(before.values()),
        aim=0,
    )
    report.add("8", "points while the runtime was restarted", found.arrived, aim=found.expected)
    assert after.keys() == before.keys()
    assert found.complete, "\n".join(found.lines())


def test_a_class_that_cannot_grow_refuses_and_keeps_the_data(summit: Stand, report: Report) -> None:
    points = sum(summit.influx.counts(["lsst.sal.Runtime.logevent_heartbeat"]).values())
    with summit.deployment.described("timeseries.influxdb.storage.size", "6Gi"):
        summit.deployment.stack.prepare()
        up = summit.deployment.operation("up", "--yes", "--skip-preview")
    assert up.code != 0
    assert "storageclass that provisions the pvc must support resize" in up.said
    assert summit.deployment.up().keys() <= {"same"}
    assert sum(summit.influx.counts(["lsst.sal.Runtime.logevent_heartbeat"]).values()) == points
    report.add("8", "a claim of a class that cannot grow", "refused, data kept", aim="refused")


def restarts(stand: Stand) -> dict[str, int]:
    """Return how often the containers of each pod that stays have started again."""
    return {
        pod["metadata"]["uid"]: sum(
            each["restartCount"] for each in pod["status"].get("containerStatuses", [])
        )
        for pod in stand.everywhere()
        if not is_of_a_job(pod)
    }
