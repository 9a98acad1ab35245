"""The control plane of a real node."""

from ipaddress import ip_network
from pathlib import Path

from devkit.control_plane import ControlPlane
from devkit.node.lan import Address
from devkit.node.plane import NodeControlPlane
from devkit.node.programs import Programs
from devkit.node.real_node import PORTS, RealNode
from devkit.offers import Offers

AT = Address("e2e-summit", 1)
FOLDER = Path("/home/cluster")
NODE = RealNode(AT, Programs((), Path()), Path("/tools"), {}, "pause:1", "shell:1")
OFFERS = Offers("yagan", 5, "nginx", ("local-path",), {"kafka": "ok"})


def plane() -> ControlPlane:
    return NODE.plane(FOLDER, Path("/tools"), is_running=False)


def test_the_api_answers_at_the_node_and_at_its_service() -> None:
    assert plane().server == f"https://{AT.node}:{PORTS.api}"
    api_service = next(ip_network(AT.services).hosts())
    assert plane().addresses == ["127.0.0.1", AT.node, str(api_service)]
    assert f"--service-cluster-ip-range={AT.services}" in plane().apiserver()


def test_etcd_stays_on_the_node_s_loopback() -> None:
    assert AT.node not in " ".join(plane().etcd())


def test_the_api_server_shows_kubelet_a_certificate() -> None:
    assert isinstance(plane(), NodeControlPlane)
    flags = plane().apiserver()
    assert "--kubelet-client-certificate=/home/cluster/certificates/admin.crt" in flags
    assert "--kubelet-preferred-address-types=InternalIP" in flags


def test_every_process_runs_on_the_node() -> None:
    argv = NODE.launch(["etcd", "--name=a b"])
    assert argv[:2] == ["nsenter", f"--net={AT.namespace}"]
    assert argv[-2:] == ["etcd", "--name=a b"]


def test_there_is_one_node_whatever_the_site_has() -> None:
    assert NODE.names(OFFERS) == {"e2e-summit"}
    kinds = [each["kind"] for each in NODE.objects(OFFERS)]
    assert kinds == ["Namespace", "ConfigMap", "IngressClass", "StorageClass"], (
        "kubelet registers the node itself"
    )
