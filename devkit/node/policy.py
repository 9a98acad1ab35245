"""Network policies, enforced: kube-router with nothing but its firewall.

K3s, which the Summit runs on, has the same code in it. The bridge that pods hang on enforces
nothing by itself.
"""

from pathlib import Path
from typing import Any

from devkit.node.lan import OUTSIDE, Address

DOOR = "door"
"""Name of the policies of the test stand's own."""

ADMITTED = {"influxdb": (8086,), "cp-helm-charts": (8081, 5556), "mirror-maker": (5556,)}
"""By namespace, ports that the outside world here may dial at pods: what an Ingress controller
would pass on, and the metrics that the stand counts by."""


def argv(program: Path, kubeconfig: Path, at: Address) -> list[str]:
    """Command line of the enforcer, which must find its node."""
    return [
        str(program),
        f"--kubeconfig={kubeconfig}",
        f"--hostname-override={at.site}",
        f"--service-cluster-ip-range={at.services}",
        "--run-firewall=true",
        "--run-router=false",
        "--run-service-proxy=false",
        "--enable-ipv6=false",
        "--metrics-port=0",
    ]


def doors(namespaces: set[str]) -> list[dict[str, Any]]:
    """Policies that let the outside world in beside the program's own, where no controller is."""
    return [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": DOOR, "namespace": namespace},
            "spec": {
                "podSelector": {},
                "policyTypes": ["Ingress"],
                "ingress": [
                    {
                        "from": [{"ipBlock": {"cidr": f"{OUTSIDE}/32"}}],
                        "ports": [{"port": port} for port in ports],
                    }
                ],
            },
        }
        for namespace, ports in ADMITTED.items()
        if namespace in namespaces
    ]
