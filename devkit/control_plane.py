"""Command lines of the programs that every embedded cluster has, and of its simulated nodes."""

from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from devkit.ports import LOOPBACK, Ports

SERVICE_RANGE = "10.96.0.0/16"
"""Cluster IPs; kubeadm's default."""

QUICK_CLIENT = ("--kube-api-qps=500", "--kube-api-burst=1000")
"""The defaults of 20 to 50 requests a second would be what a whole site waits for."""


@dataclass(frozen=True)
class ControlPlane:
    """Where one cluster's programs, keys and data are, and where it listens."""

    tools: Path
    folder: Path
    ports: Ports
    host: str = LOOPBACK
    """Where the API server listens; nobody but it talks to etcd."""
    services: str = SERVICE_RANGE

    @property
    def server(self) -> str:
        """Address of the API server."""
        return f"https://{self.host}:{self.ports.api}"

    @property
    def addresses(self) -> list[str]:
        """Addresses in the servers' certificate: theirs, and the first of the Services'."""
        api_service = next(ip_network(self.services).hosts())
        return list(dict.fromkeys([LOOPBACK, self.host, str(api_service)]))

    @property
    def certificates(self) -> Path:
        """Folder of the cluster's keys."""
        return self.folder / "certificates"

    @property
    def kubeconfig(self) -> Path:
        """Kubeconfig of the cluster's administrator."""
        return self.folder / "kubeconfig"

    @property
    def stages(self) -> Path:
        """What kwok does with nodes, pods and the rest."""
        return self.folder / "stages.yaml"

    def etcd(self) -> list[str]:
        """Etcd: one member, TLS on both ports, since it holds every Secret in clear."""
        client = f"https://{LOOPBACK}:{self.ports.etcd}"
        peer = f"https://{LOOPBACK}:{self.ports.etcd_peer}"
        return [
            str(self.tools / "etcd"),
            "--name=embedded",
            f"--data-dir={self.folder / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=embedded={peer}",
            *self._tls("cert-file", "key-file", "trusted-ca-file"),
            *self._tls("peer-cert-file", "peer-key-file", "peer-trusted-ca-file"),
            "--client-cert-auth",
            "--peer-client-cert-auth",
            # A killed process loses nothing by it, only a machine that loses power.
            "--unsafe-no-fsync",
            "--log-level=warn",
        ]

    def apiserver(self) -> list[str]:
        """Kube-apiserver."""
        return [
            str(self.tools / "kube-apiserver"),
            f"--bind-address={self.host}",
            f"--advertise-address={self.host}",
            f"--secure-port={self.ports.api}",
            # A loopback address may not stand in the `kubernetes` Service's endpoints.
            "--endpoint-reconciler-type=none",
            f"--etcd-servers=https://{LOOPBACK}:{self.ports.etcd}",
            *self._tls("etcd-certfile", "etcd-keyfile", "etcd-cafile", name="admin"),
            *self._tls("tls-cert-file", "tls-private-key-file", "client-ca-file"),
            "--anonymous-auth=false",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-signing-key-file={self.certificates / 'accounts.key'}",
            f"--service-account-key-file={self.certificates / 'accounts.key'}",
            f"--service-cluster-ip-range={self.services}",
            "--profiling=false",
        ]

    def controller_manager(self) -> list[str]:
        """Kube-controller-manager, without a port of its own."""
        return [
            str(self.tools / "kube-controller-manager"),
            f"--kubeconfig={self.kubeconfig}",
            f"--service-account-private-key-file={self.certificates / 'accounts.key'}",
            f"--root-ca-file={self.certificates / 'ca.crt'}",
            # It makes this folder, by default below /usr.
            f"--flex-volume-plugin-dir={self.folder / 'plugins'}",
            "--secure-port=0",
            "--leader-elect=false",
            "--profiling=false",
            *QUICK_CLIENT,
        ]

    def scheduler(self) -> list[str]:
        """Kube-scheduler, without a port of its own."""
        return [
            str(self.tools / "kube-scheduler"),
            f"--kubeconfig={self.kubeconfig}",
            "--secure-port=0",
            "--leader-elect=false",
            "--profiling=false",
            *QUICK_CLIENT,
        ]

    def kwok(self) -> list[str]:
        """Kwok, in place of every node's kubelet and of the controllers named in the stages."""
        return [
            str(self.tools / "kwok"),
            f"--kubeconfig={self.kubeconfig}",
            f"--config={self.stages}",
            "--manage-all-nodes=true",
            "--node-lease-duration-seconds=40",
        ]

    def _tls(self, certificate: str, key: str, ca: str, name: str = "server") -> list[str]:
        return [
            f"--{certificate}={self.certificates / name}.crt",
            f"--{key}={self.certificates / name}.key",
            f"--{ca}={self.certificates / 'ca.crt'}",
        ]
