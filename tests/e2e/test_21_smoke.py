"""The smoke test of sandboxes, on the small Summit: real brokers, Telegraf and InfluxDB.

It goes as it would to a cluster in the cloud: through the API server, and to brokers at names that
this machine does not know.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from devkit import certificates
from devkit.traffic.account import Arrivals
from sandbox.description import parsed, read
from sandbox.errors import SandboxError
from sandbox.smoke import RECORDS, Smoke
from tests.e2e.apart import apart
from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def smoke(summit: Stand) -> Smoke:
    """Ready to send, as ``create`` makes it."""
    stack = summit.site.stack
    kubectl = stack.toolchain.cluster / "bin" / "kubectl"
    command = [str(kubectl), f"--kubeconfig={stack.cluster.kubeconfig}"]
    site = parsed(read(summit.site.workspace.site_file(summit.site.name)))
    return Smoke(site, command, summit.site.authority)


def said(smoke: Smoke) -> Arrivals | str:
    """Return what it finds, or the words with which it ends."""
    try:
        return smoke.run(print)
    except SandboxError as error:
        return str(error)


@pytest.mark.parametrize("way", ["outside", "inside"])
def test_records_become_points(smoke: Smoke, way: str, report: Report) -> None:
    """By each listener: a sandbox's brokers may have none outside."""
    streaming = smoke.site.streaming
    kafka = streaming.kafka.model_copy(update={} if way == "outside" else {"external": None})
    site = smoke.site.model_copy(
        update={"streaming": streaming.model_copy(update={"kafka": kafka})}
    )
    with report.timed("21", f"smoke test through the API server, brokers {way}"):
        found = apart(said, replace(smoke, site=site))
    assert isinstance(found, Arrivals), found
    assert found.complete, "\n".join(found.lines())
    assert found.arrived == RECORDS


def test_brokers_that_nobody_vouches_for_get_nothing(smoke: Smoke, tmp_path: Path) -> None:
    certificates.authority(tmp_path, "a stranger")
    told = apart(said, replace(smoke, authority=tmp_path / "ca.crt"))
    assert isinstance(told, str)
    assert told.startswith("Kafka does not take lsst.sal.Smoke")


def test_a_server_that_is_not_there_is_named(smoke: Smoke) -> None:
    kafka = smoke.site.streaming.kafka.model_copy(update={"brokers": 4})
    streaming = smoke.site.streaming.model_copy(update={"kafka": kafka})
    site = smoke.site.model_copy(update={"streaming": streaming})
    told = apart(said, replace(smoke, site=site))
    assert isinstance(told, str)
    assert told.startswith("cp-helm-charts, pod/cp-helm-charts-cp-kafka-3, port ")
