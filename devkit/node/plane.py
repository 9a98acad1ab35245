"""The control plane of a cluster whose node is real."""

from dataclasses import dataclass

from devkit.control_plane import ControlPlane


@dataclass(frozen=True)
class NodeControlPlane(ControlPlane):
    """As of any embedded cluster, and able to talk to a kubelet."""

    def apiserver(self) -> list[str]:
        """Kube-apiserver, which fetches logs and runs commands through kubelet."""
        return [
            *super().apiserver(),
            f"--kubelet-client-certificate={self.certificates / 'admin.crt'}",
            f"--kubelet-client-key={self.certificates / 'admin.key'}",
            "--kubelet-preferred-address-types=InternalIP",
        ]
