"""Settings of a node's kubelet, proxy, pod network and DNS."""

import json
from pathlib import Path
from typing import Any

import yaml

from devkit.node.lan import Address

DOMAIN = "cluster.local"


def kubelet(at: Address, *, socket: Path, client_ca: Path, cgroup: str, folder: Path) -> str:
    """KubeletConfiguration; logs of containers go into `folder`."""
    return _yaml(
        "kubelet.config.k8s.io/v1beta1",
        "KubeletConfiguration",
        {
            "address": at.node,
            "authentication": {
                "anonymous": {"enabled": False},
                "webhook": {"enabled": False},
                "x509": {"clientCAFile": str(client_ca)},
            },
            # Whoever has a certificate of this cluster is its administrator.
            "authorization": {"mode": "AlwaysAllow"},
            "cgroupDriver": "cgroupfs",
            "cgroupRoot": cgroup,
            "clusterDNS": [at.node],
            "clusterDomain": DOMAIN,
            "containerRuntimeEndpoint": f"unix://{socket}",
            # All limits here are the site's; the node itself is measured by nobody.
            "enforceNodeAllocatable": ["none"],
            "evictionHard": {"memory.available": "100Mi"},
            "failCgroupV1": False,
            "failSwapOn": False,
            "healthzPort": 0,
            "imageGCHighThresholdPercent": 100,
            # Needs quotas of the file system.
            "localStorageCapacityIsolation": False,
            "podLogsDir": str(folder / "logs"),
            "readOnlyPort": 0,
            # Nothing outside this machine is to be resolved.
            "resolvConf": "",
            "syncFrequency": "10s",
            # It makes this folder, by default below /usr.
            "volumePluginDir": str(folder / "plugins"),
        },
    )


def kube_proxy(at: Address, kubeconfig: Path) -> str:
    """KubeProxyConfiguration."""
    return _yaml(
        "kubeproxy.config.k8s.io/v1alpha1",
        "KubeProxyConfiguration",
        {
            "mode": "iptables",
            "clientConnection": {"kubeconfig": str(kubeconfig)},
            "clusterCIDR": at.pods,
            "detectLocalMode": "ClusterCIDR",
            "bindAddress": at.node,
            "healthzBindAddress": "",
            "metricsBindAddress": "127.0.0.1:10249",
            "nodePortAddresses": [f"{at.node}/32"],
            "iptables": {"localhostNodePorts": False},
            # Zero leaves the whole machine's connection tracking as it is.
            "conntrack": {
                "maxPerCore": 0,
                "min": 0,
                "tcpCloseWaitTimeout": "0s",
                "tcpEstablishedTimeout": "0s",
            },
        },
    )


def pod_network(at: Address, run: Path) -> str:
    """CNI network list: a bridge on the node, addresses from the node's range."""
    ipam = {
        "type": "host-local",
        "dataDir": str(run / "addresses"),
        "ranges": [[{"subnet": at.pods}]],
        "routes": [{"dst": "0.0.0.0/0"}],
    }
    bridge = {
        "type": "bridge",
        "bridge": "pods",
        "isGateway": True,
        "ipMasq": True,
        # A broker reaches itself through its own Service.
        "hairpinMode": True,
        "ipam": ipam,
    }
    return json.dumps({"cniVersion": "1.0.0", "name": "pods", "plugins": [bridge]}, indent=2)


def corefile(at: Address, kubeconfig: Path, hosts: Path) -> str:
    """Corefile: Services from the cluster, public names of every site from the hosts file."""
    return f""".:53 {{
    bind {at.node}
    errors
    hosts "{hosts}" {{
        fallthrough
    }}
    kubernetes {DOMAIN} in-addr.arpa {{
        kubeconfig "{kubeconfig}"
        ttl 1
    }}
    cache 1
}}
"""


def _yaml(version: str, kind: str, settings: dict[str, Any]) -> str:
    return yaml.safe_dump({"apiVersion": version, "kind": kind, **settings}, sort_keys=False)
