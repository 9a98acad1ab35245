"""One embedded Kubernetes cluster: etcd, API server, controllers, scheduler, and its nodes."""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from devkit import certificates, kubeconfig
from devkit.api import Api
from devkit.control_plane import ControlPlane
from devkit.daemon import Daemon
from devkit.errors import DevkitError
from devkit.lock import only_one
from devkit.nodes import Nodes
from devkit.offers import OWN, Offers
from devkit.patience import wait_until
from devkit.progress import step
from devkit.simulation import SimulatedNodes

PATIENCE = 60.0
"""Seconds for each part to come up: ten times what it takes on two busy cores."""

CONTROL_PLANE = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
"""Processes of every cluster, in the order in which they start."""

PORT_IN_USE = re.compile(r"(?:listen|bind)[^\n]*?:(\d+): [^\n]*address already in use")


@dataclass(frozen=True)
class Cluster:
    """The cluster of one site, in a folder of its own."""

    site: str
    folder: Path
    tools: Path
    nodes: Nodes = field(default_factory=SimulatedNodes)

    @property
    def kubeconfig(self) -> Path:
        """Kubeconfig of the cluster's administrator."""
        return self.folder / "kubeconfig"

    @property
    def daemons(self) -> list[Daemon]:
        """Its processes, in the order in which they start."""
        return [Daemon(name, self.folder / "run") for name in (*CONTROL_PLANE, *self.nodes.daemons)]

    def is_running(self) -> bool:
        """Whether every process lives."""
        return all(daemon.pid() for daemon in self.daemons)

    def start(self, offers: Offers) -> bool:
        """Bring the cluster up with what `offers` says; False when it was up already.

        Continues where a killed start ended: what runs is left running.
        """
        with only_one(self.folder / "lock", f"starting the cluster of {self.site}"):
            was_running = self.is_running()
            plane = self._prepare(offers)
            if not was_running:
                with step(f"starting the cluster of {self.site}"):
                    self._start_processes(plane)
            self._offer(Api(plane.server, plane.certificates), offers)
            return not was_running

    def stop(self) -> int:
        """End its processes, last started first; the number of those that ran."""
        return sum(daemon.stop() for daemon in reversed(self.daemons))

    def remove(self) -> None:
        """End its processes, and remove its folder and whatever else its nodes have."""
        self.stop()
        self.nodes.remove(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _prepare(self, offers: Offers) -> ControlPlane:
        etcd, apiserver, *_ = self.daemons
        if etcd.pid() and not apiserver.pid():
            etcd.stop()  # killed in between: its port is not worth keeping apart
        plane = self.nodes.plane(self.folder, self.tools, is_running=bool(apiserver.pid()))
        certificates.ensure(plane.certificates, plane.addresses)
        kubeconfig.write(self.kubeconfig, offers.context, plane.server, plane.certificates)
        self.nodes.prepare(plane, offers)
        return plane

    def _start_processes(self, plane: ControlPlane) -> None:
        environ = {"PATH": os.defpath, "HOME": str(self.folder), "TMPDIR": str(self.folder)}
        etcd, apiserver, controllers, scheduler, *rest = self.daemons
        launch = self.nodes.launch
        etcd.start(launch(plane.etcd()), environ)
        apiserver.start(launch(plane.apiserver()), environ)
        api = Api(plane.server, plane.certificates)
        self._wait(api.is_ready, "the API server does not become ready", [etcd, apiserver])
        controllers.start(launch(plane.controller_manager()), environ)
        scheduler.start(launch(plane.scheduler()), environ)
        self.nodes.start(plane, {daemon.name: daemon for daemon in rest}, self._wait)

    def _offer(self, api: Api, offers: Offers) -> None:
        for wanted in self.nodes.objects(offers):
            if not api.create(wanted) and wanted["kind"] == "Node":
                api.merge({"kind": "Node", "metadata": wanted["metadata"]})
        names = self.nodes.names(offers)
        for name in _node_names(api) - names:
            api.delete("Node", name)
        self._wait(
            lambda: _ready_nodes(api) >= names and _has_accounts(api),
            "the nodes do not become ready",
            self.daemons,
        )

    def _wait(self, happened: Callable[[], bool], problem: str, needed: list[Daemon]) -> None:
        def settled() -> bool:
            return happened() or not all(daemon.pid() for daemon in needed)

        in_time = wait_until(settled, PATIENCE)
        dead = [daemon for daemon in needed if not daemon.pid()]
        if dead:
            raise _death_of(dead[0])
        if not in_time:
            raise DevkitError(
                f"{problem} within {PATIENCE:.0f} s", f"see the logs in {needed[0].folder}"
            )


def _death_of(daemon: Daemon) -> DevkitError:
    words = daemon.last_words(40)
    if taken := PORT_IN_USE.search(words):
        return DevkitError(
            f"{daemon.name} cannot listen on 127.0.0.1:{taken[1]}: another program took this port",
            "run the same command again, it will choose another port",
        )
    last = words.splitlines()[-1] if words else "it printed nothing"
    return DevkitError(f"{daemon.name} ended at once: {last[:300]}", f"see {daemon.log}")


def _node_names(api: Api) -> set[str]:
    nodes = (api.get("/api/v1/nodes") or {}).get("items", [])
    own = OWN.items()
    return {n["metadata"]["name"] for n in nodes if own <= n["metadata"].get("labels", {}).items()}


def _ready_nodes(api: Api) -> set[str]:
    nodes = (api.get("/api/v1/nodes") or {}).get("items", [])
    return {
        node["metadata"]["name"]
        for node in nodes
        for condition in node["status"].get("conditions", [])
        if condition["type"] == "Ready" and condition["status"] == "True"
    }


def _has_accounts(api: Api) -> bool:
    # Made by the controller manager in each namespace; a pod is refused before that.
    return api.get("/api/v1/namespaces/default/serviceaccounts/default") is not None
