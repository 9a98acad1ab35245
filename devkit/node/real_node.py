"""A real node: kubelet and all that it needs, in a network namespace of its own."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devkit import program
from devkit.api import Api
from devkit.control_plane import ControlPlane
from devkit.daemon import Daemon
from devkit.errors import DevkitError
from devkit.node import cgroups, enclosure, lan, policy, settings, storage
from devkit.node.containerd import Containerd
from devkit.node.plane import NodeControlPlane
from devkit.node.programs import Programs
from devkit.nodes import Wait
from devkit.offers import Offers
from devkit.ports import Ports
from devkit.progress import step

PORTS = Ports(api=6443, etcd=2379, etcd_peer=2380)
"""Kubernetes' usual ones: the node's addresses are its own."""

MOUNTS = Path("/proc/self/mountinfo")
"""A line for each mount of these namespaces, in the order in which they were made."""

LIMITS = 'ulimit -n "$(ulimit -Hn)"; exec "$@"'
"""Brokers hold thousands of files open."""


@dataclass(frozen=True)
class RealNode:
    """The one node of one site's cluster, inside the enclosure."""

    at: lan.Address
    programs: Programs
    tools: Path
    """Folder of kubelet, kube-proxy, coredns and kube-router."""
    images: Mapping[str, Path]
    """Archives by image reference."""
    pause: str
    """Reference of the image that holds a pod's namespaces."""
    shell: str
    """Reference of an image with a shell, which makes the folders of claims."""

    daemons = (
        "containerd",
        "coredns",
        "kubelet",
        "kube-proxy",
        "local-path-provisioner",
        "kube-router",
    )

    def plane(self, folder: Path, tools: Path, *, is_running: bool) -> ControlPlane:  # noqa: ARG002 - the same either way
        """Listen on the node's own addresses."""
        return NodeControlPlane(
            tools / "bin", folder, PORTS, host=self.at.node, services=self.at.services
        )

    def prepare(self, plane: ControlPlane, offers: Offers) -> None:
        """Make the node's network and write the settings of its processes."""
        lan.connect(self.at, offers.hosts)
        containerd = self._containerd(plane.folder)
        containerd.write()
        containerd.network.mkdir(exist_ok=True)
        network = settings.pod_network(self.at, containerd.run)
        (containerd.network / "pods.conflist").write_text(network)
        files = {
            "kubelet.yaml": settings.kubelet(
                self.at,
                socket=containerd.socket,
                client_ca=plane.certificates / "ca.crt",
                cgroup=cgroups.ensure(enclosure.here(), self.at.site),
                folder=plane.folder,
            ),
            "kube-proxy.yaml": settings.kube_proxy(self.at, plane.kubeconfig),
            "Corefile": settings.corefile(self.at, plane.kubeconfig, enclosure.HOSTS),
            "labels": ",".join(f"{key}={value}" for key, value in offers.node_labels.items()),
        }
        for name, text in files.items():
            path = plane.folder / name
            # Kube-proxy ends when its file is written, even with the same words.
            if not path.exists() or path.read_text() != text:
                path.write_text(text)
        storage.write(plane.folder, self.shell)
        self._give_kubelet_a_short_path(plane.folder / "kubelet")

    def launch(self, argv: Sequence[str]) -> list[str]:
        """Run it on the node."""
        return self.at.on_node(["sh", "-c", LIMITS, "sh", *argv])

    def start(self, plane: ControlPlane, daemons: Mapping[str, Daemon], wait: Wait) -> None:
        """Start the processes; the images are there before the first pod is."""
        environ = {"HOME": str(plane.folder), **self.programs.environ()}
        containerd = self._containerd(plane.folder)
        folder, tools = plane.folder, self.tools

        def start(name: str, argv: Sequence[str]) -> None:
            daemons[name].start(self.launch(argv), environ)

        start("containerd", containerd.argv())
        needed = [daemons["containerd"]]
        wait(lambda: self._is_serving(folder), "containerd does not answer", needed)
        self._import(folder)
        start("coredns", [str(tools / "coredns"), "-conf", str(folder / "Corefile")])
        start("kube-proxy", [str(tools / "kube-proxy"), f"--config={folder / 'kube-proxy.yaml'}"])
        start(
            "kubelet",
            [
                str(tools / "kubelet"),
                f"--config={folder / 'kubelet.yaml'}",
                f"--kubeconfig={plane.kubeconfig}",
                f"--root-dir={self._kubelet}",
                f"--cert-dir={self._kubelet / 'pki'}",
                f"--hostname-override={self.at.site}",
                f"--node-ip={self.at.node}",
                f"--node-labels={(folder / 'labels').read_text()}",
            ],
        )
        provisioner = "local-path-provisioner"
        start(provisioner, storage.argv(tools / provisioner, folder, plane.kubeconfig, self.shell))
        api, name = Api(plane.server, plane.certificates), self.at.site
        # The enforcer ends where its node is not known.
        wait(
            lambda: api.get(f"/api/v1/nodes/{name}") is not None,
            "kubelet does not register its node",
            [daemons["kubelet"]],
        )
        start("kube-router", policy.argv(tools / "kube-router", plane.kubeconfig, self.at))

    def objects(self, offers: Offers) -> list[dict[str, Any]]:
        """Classes; the node itself is kubelet's to register."""
        return [*storage.objects(), *offers.classes(storage.PROVISIONER)]

    def names(self, offers: Offers) -> set[str]:  # noqa: ARG002 - one, whatever the site has
        """The one node, named like its site."""
        return {self.at.site}

    def remove(self, folder: Path) -> None:
        """End the containers that are left, with their mounts and the node's network."""
        cgroups.end(enclosure.here(), self.at.site)
        ours = (folder, self._kubelet, self._containerd(folder).run)
        mounted = [line.split()[4] for line in MOUNTS.read_text().splitlines()]
        for place in reversed(mounted):
            if any(Path(place).is_relative_to(each) for each in ours):
                program.run(["umount", "--lazy", place], package="mount")
        lan.disconnect(self.at)

    @property
    def _kubelet(self) -> Path:
        """Kubelet's folder, as it knows it: paths of sockets have 108 characters at most."""
        return Path("/var/lib/kubelet") / self.at.site

    def _give_kubelet_a_short_path(self, folder: Path) -> None:
        if not self._kubelet.is_mount():
            folder.mkdir(exist_ok=True)
            self._kubelet.mkdir(exist_ok=True)
            program.run(["mount", "--bind", folder, self._kubelet], package="mount")

    def _containerd(self, folder: Path) -> Containerd:
        run = Path("/run/efd") / self.at.site
        return Containerd(self.programs, folder / "containerd", run, self.pause)

    def _is_serving(self, folder: Path) -> bool:
        try:
            self.ctr(folder, "version")
        except DevkitError:
            return False
        return True

    def _import(self, folder: Path) -> None:
        """Give containerd the images that it does not have, or has of another build."""
        noted = folder / "containerd" / "imported.json"
        present: dict[str, str] = json.loads(noted.read_text()) if noted.exists() else {}
        wanted = {reference: str(archive) for reference, archive in self.images.items()}
        missing = {ref: path for ref, path in wanted.items() if present.get(ref) != path}
        if missing:
            with step(f"giving {len(missing)} images to {self.at.site}"):
                for archive in missing.values():
                    self.ctr(folder, "images", "import", "--no-unpack", archive)
            draft = noted.with_suffix(".draft")
            draft.write_text(json.dumps(wanted))
            draft.replace(noted)

    def ctr(self, folder: Path, *arguments: str) -> str:
        """Run containerd's own client; what it prints."""
        containerd = self._containerd(folder)
        argv = [
            str(self.programs.path("ctr")),
            f"--address={containerd.socket}",
            "--namespace=k8s.io",
        ]
        done = subprocess.run(
            [*argv, *arguments],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, **self.programs.environ()},
        )
        if done.returncode:
            raise DevkitError(f"ctr {arguments[0]} failed: {done.stderr.strip()[-300:]}")
        return done.stdout
