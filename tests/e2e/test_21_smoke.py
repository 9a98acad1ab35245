"""The smoke test of sandboxes, on the small Summit: real brokers, Telegraf and InfluxDB.

It goes as it would to a cluster in the cloud: through the API server, and to brokers at names that
this machine does not know.
"""

import gc
from dataclasses import replace
from pathlib import Path

import pytest

from devkit import certificates
from sandbox.description import parsed, read
from sandbox.errors import SandboxError
from sandbox.smoke import RECORDS, Smoke
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


@pytest.mark.parametrize("way", ["outside", "inside"])
def test_records_become_points(smoke: Smoke, way: str, report: Report) -> None:
    """By each listener: a sandbox's brokers may have none outside."""
    streaming = smoke.site.streaming
    kafka = streaming.kafka.model_copy(update={} if way == "outside" else {"external": None})
    site = smoke.site.model_copy(
        update={"streaming": streaming.model_copy(update={"kafka": kafka})}
    )
    said: list[str] = []
    with report.timed("21", f"smoke test through the API server, brokers {way}"):
        found = replace(smoke, site=site).run(said.append)
    assert found.complete, "\n".join(found.lines())
    assert found.arrived == RECORDS
    assert "as sal" in said[0]


@pytest.mark.filterwarnings("ignore:unclosed .ssl.SSLSocket:ResourceWarning")
def test_brokers_that_nobody_vouches_for_get_nothing(smoke: Smoke, tmp_path: Path) -> None:
    certificates.authority(tmp_path, "a stranger")
    with pytest.raises(SandboxError, match="Kafka does not take"):
        replace(smoke, authority=tmp_path / "ca.crt").run(lambda _: None)
    gc.collect()  # Kafka's client leaves connections that it refused to Python


def test_a_server_that_is_not_there_is_named(smoke: Smoke) -> None:
    kafka = smoke.site.streaming.kafka.model_copy(update={"brokers": 4})
    streaming = smoke.site.streaming.model_copy(update={"kafka": kafka})
    site = smoke.site.model_copy(update={"streaming": streaming})
    with pytest.raises(SandboxError, match=r"cp-helm-charts, pod/cp-helm-charts-cp-kafka-3, port"):
        replace(smoke, site=site).run(lambda _: None)
