"""The embedded cluster itself, with its real programs."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devkit import build, ports
from devkit.api import Api
from devkit.cluster import Cluster
from devkit.daemon import started
from devkit.errors import DevkitError
from devkit.offers import Offers
from devkit.patience import wait_until
from devkit.workspace import Workspace

pytestmark = pytest.mark.engine

OFFERS = Offers("yagan", 2, "nginx", ("local-path",), {"kafka": "ok"})

STORE = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store, namespace: default}
spec:
  serviceName: store
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      nodeSelector: {kafka: ok}
      containers: [{name: store, image: example.org/store:1}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: local-path
      resources: {requests: {storage: 15Gi}}
"""
CLAIM = "/api/v1/namespaces/default/persistentvolumeclaims/data-store-0"


@pytest.fixture(scope="module")
def tools() -> Path:
    return build.ensure(Workspace.from_environment().cache)


@pytest.fixture
def cluster(tmp_path: Path, tools: Path) -> Iterator[Cluster]:
    each = Cluster("mountain", tmp_path / "mountain", tools)
    yield each
    each.stop()


def api(cluster: Cluster) -> Api:
    port = ports.noted(cluster.folder / "ports.json").api
    return Api(f"https://127.0.0.1:{port}", cluster.folder / "certificates")


def kubectl(cluster: Cluster, *arguments: str, given: str = "") -> str:
    argv = [str(cluster.tools / "bin" / "kubectl"), f"--kubeconfig={cluster.kubeconfig}"]
    done = subprocess.run(  # noqa: S603 - built by the project
        [*argv, *arguments], input=given, capture_output=True, text=True, check=True
    )
    return done.stdout


def claim(cluster: Cluster) -> dict[str, Any]:
    return api(cluster).get(CLAIM) or {}


def capacity(cluster: Cluster) -> str:
    return str(claim(cluster).get("status", {}).get("capacity", {}).get("storage"))


def test_a_cluster_has_what_the_site_names(cluster: Cluster) -> None:
    assert cluster.start(OFFERS)
    nodes = json.loads(kubectl(cluster, "get", "nodes", "--selector=kafka=ok", "--output=json"))
    assert [node["metadata"]["name"] for node in nodes["items"]] == ["efd-node-0", "efd-node-1"]
    assert kubectl(cluster, "config", "current-context").strip() == "yagan"
    assert "local-path" in kubectl(cluster, "get", "storageclass")
    assert "nginx" in kubectl(cluster, "get", "ingressclass")
    assert not cluster.start(OFFERS), "a cluster that runs is not started again"


def test_a_claim_is_bound_with_its_pod_and_grows_in_place(cluster: Cluster) -> None:
    cluster.start(OFFERS)
    kubectl(cluster, "apply", "--filename=-", given=STORE)
    assert wait_until(lambda: capacity(cluster) == "15Gi", 20), claim(cluster)
    grown = '{"spec": {"resources": {"requests": {"storage": "20Gi"}}}}'
    kubectl(cluster, "patch", "persistentvolumeclaim", "data-store-0", f"--patch={grown}")
    assert wait_until(lambda: capacity(cluster) == "20Gi", 20), claim(cluster)
    volume = claim(cluster)["spec"]["volumeName"]
    found = api(cluster).get(f"/api/v1/persistentvolumes/{volume}") or {}
    assert found["spec"]["capacity"]["storage"] == "20Gi", (
        "the volume has grown, not only the claim"
    )


def test_what_a_cluster_holds_outlives_its_processes(cluster: Cluster) -> None:
    cluster.start(OFFERS)
    kubectl(cluster, "create", "configmap", "kept", "--from-literal=a=b")
    assert cluster.stop() == 5
    assert not cluster.is_running()
    cluster.start(OFFERS)
    assert "kept" in kubectl(cluster, "get", "configmap")


@pytest.mark.parametrize("after", ["etcd", "kube-apiserver", "kwok"])
def test_a_start_that_was_killed_is_continued(cluster: Cluster, after: str) -> None:
    start = (
        "from pathlib import Path; from devkit.cluster import Cluster; "
        "from devkit.offers import Offers; "
        f"Cluster('mountain', Path({str(cluster.folder)!r}), Path({str(cluster.tools)!r}))"
        f".start({OFFERS!r})"
    )
    with subprocess.Popen([sys.executable, "-c", start]) as starter:  # noqa: S603 - ours
        begun = next(daemon for daemon in cluster.daemons if daemon.name == after)
        assert wait_until(lambda: begun.pid() is not None, 60, interval=0.01)
        starter.send_signal(signal.SIGKILL)
    left = {daemon.name: daemon.pid() for daemon in cluster.daemons if daemon.pid()}
    cluster.start(OFFERS)
    assert cluster.is_running()
    kept = {d.name: d.pid() for d in cluster.daemons if d.name in left and d.name != "etcd"}
    assert {name: left[name] for name in kept} == kept, "what ran is not started a second time"


def test_two_clusters_run_side_by_side(cluster: Cluster, tmp_path: Path, tools: Path) -> None:
    other = Cluster("facility", tmp_path / "facility", tools)
    try:
        cluster.start(OFFERS)
        other.start(Offers("ldf", 1, "nginx", (), {}))
        kubectl(cluster, "create", "namespace", "only-here")
        assert "only-here" not in kubectl(other, "get", "namespaces")
    finally:
        other.stop()
    assert cluster.is_running(), "stopping one leaves the other alone"


def test_a_node_that_the_site_no_longer_has_goes(cluster: Cluster) -> None:
    cluster.start(OFFERS)
    cluster.start(Offers("yagan", 1, "nginx", ("local-path",), {}))
    assert kubectl(cluster, "get", "nodes", "--output=name").split() == ["node/efd-node-0"]


def test_a_port_taken_at_the_last_moment_is_one_clear_error(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind((ports.LOOPBACK, 0))
        other.listen()
        taken = other.getsockname()[1]
        monkeypatch.setattr(ports, "is_free", lambda _: True)
        chosen = ports.choose(cluster.folder / "ports.json")
        (cluster.folder / "ports.json").write_text(
            json.dumps({"api": taken, "etcd": chosen.etcd, "etcd_peer": chosen.etcd_peer})
        )
        with pytest.raises(DevkitError) as refusal:
            cluster.start(OFFERS)
    assert f"cannot listen on 127.0.0.1:{taken}" in refusal.value.what
    monkeypatch.undo()
    assert cluster.start(OFFERS), "run again, it chooses another port"


def test_no_process_is_left_when_a_cluster_is_stopped(cluster: Cluster) -> None:
    cluster.start(OFFERS)
    pids = [daemon.pid() for daemon in cluster.daemons]
    cluster.stop()
    assert not [pid for pid in pids if pid and started(pid)]
