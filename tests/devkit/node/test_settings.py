"""Settings of a node's processes."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from devkit.node import settings
from devkit.node.lan import Address

AT = Address("e2e-summit", 3)
FOLDER = Path("/home/of a/cluster")


@pytest.fixture
def kubelet() -> dict[str, Any]:
    text = settings.kubelet(
        AT,
        socket=Path("/run/efd/e2e-summit/containerd.sock"),
        client_ca=FOLDER / "certificates/ca.crt",
        cgroup="/efd-devkit-0/e2e-summit",
        folder=FOLDER,
    )
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def proxy() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(settings.kube_proxy(AT, FOLDER / "kubeconfig"))
    return document


def test_kubelet_asks_for_a_certificate_of_the_cluster(kubelet: dict[str, Any]) -> None:
    assert kubelet["kind"] == "KubeletConfiguration"
    assert kubelet["authentication"]["anonymous"] == {"enabled": False}
    assert kubelet["authentication"]["x509"] == {
        "clientCAFile": "/home/of a/cluster/certificates/ca.crt"
    }
    assert kubelet["readOnlyPort"] == kubelet["healthzPort"] == 0


def test_kubelet_listens_and_resolves_on_the_node_only(kubelet: dict[str, Any]) -> None:
    assert kubelet["address"] == AT.node
    assert kubelet["clusterDNS"] == [AT.node]
    assert kubelet["resolvConf"] == ""


def test_kubelet_s_containers_and_files_are_where_they_are_removed_with_it(
    kubelet: dict[str, Any],
) -> None:
    assert kubelet["cgroupRoot"] == "/efd-devkit-0/e2e-summit"
    assert Path(kubelet["podLogsDir"]).parent == FOLDER
    assert Path(kubelet["volumePluginDir"]).parent == FOLDER, "by default it is below /usr"
    assert kubelet["containerRuntimeEndpoint"] == "unix:///run/efd/e2e-summit/containerd.sock"


def test_kubelet_runs_on_either_version_of_control_groups(kubelet: dict[str, Any]) -> None:
    assert kubelet["failCgroupV1"] is False
    assert kubelet["cgroupDriver"] == "cgroupfs"


def test_the_proxy_leaves_the_machine_s_connection_tracking_alone() -> None:
    assert set(map(str, proxy()["conntrack"].values())) == {"0", "0s"}


def test_node_ports_are_open_on_the_node_s_own_address_only() -> None:
    assert proxy()["nodePortAddresses"] == [f"{AT.node}/32"]
    assert proxy()["iptables"] == {"localhostNodePorts": False}
    assert proxy()["metricsBindAddress"].startswith("127.0.0.1:")
    assert proxy()["clientConnection"] == {"kubeconfig": "/home/of a/cluster/kubeconfig"}


def test_pods_get_addresses_of_the_node_s_range_and_may_reach_themselves() -> None:
    network = json.loads(settings.pod_network(AT, Path("/run/efd/e2e-summit")))
    (bridge,) = network["plugins"]
    assert bridge["ipam"]["ranges"] == [[{"subnet": AT.pods}]]
    assert bridge["ipam"]["dataDir"].startswith("/run/"), "gone with the enclosure"
    assert bridge["hairpinMode"], "a broker reaches itself through its own Service"


def test_dns_answers_on_the_node_from_the_hosts_file_first() -> None:
    text = settings.corefile(AT, FOLDER / "kubeconfig", Path("/etc/hosts"))
    words = [line.split() for line in text.splitlines()]
    assert words[0] == [".:53", "{"]
    assert ["bind", AT.node] in words
    assert 'kubeconfig "/home/of a/cluster/kubeconfig"' in text
    assert text.index("hosts") < text.index("kubernetes")
    assert ["fallthrough"] in words
    assert text.count("{") == text.count("}")
