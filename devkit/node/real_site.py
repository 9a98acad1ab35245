"""One site on a real node: how it is brought up, and how its services are reached."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from devkit import build, certificates, images, toolchain
from devkit.api import Api, Object
from devkit.cluster import Cluster
from devkit.daemon import Daemon
from devkit.errors import DevkitError
from devkit.images.fetch import IMAGE as FETCH
from devkit.images.pause import IMAGE as PAUSE
from devkit.node import lan, policy, programs, supplies
from devkit.node.real_node import PORTS, RealNode
from devkit.node.vault import OutsideSecret, Vault
from devkit.offers import Offers
from devkit.stack import Stack
from devkit.workspace import Workspace

STREAMING = "cp-helm-charts"
"""Namespace of the brokers, whose certificate comes from outside."""


@dataclass(frozen=True)
class RealSite:
    """A site of this workspace."""

    name: str
    workspace: Workspace

    @cached_property
    def stack(self) -> Stack:
        """The site's stack; builds the tools and images that are missing."""
        tools = toolchain.ensure(self.workspace)
        cluster = Cluster(self.name, self.workspace.cluster(self.name), tools.cluster, self.node)
        return Stack(self.name, self.workspace, tools, cluster)

    @property
    def node(self) -> RealNode:
        """The site's node; builds the programs and images that are missing."""
        return RealNode(
            at=self.at,
            programs=programs.ensure(self.workspace.cache),
            tools=build.ensure_node(self.workspace.cache) / "bin",
            images=images.ensure(self.workspace.cache),
            pause=PAUSE.reference,
            shell=FETCH.reference,
        )

    @property
    def at(self) -> lan.Address:
        """Where the node is."""
        return lan.address(self.workspace.home, self.name)

    @property
    def offers(self) -> Offers:
        """What the site's file expects."""
        return Offers.from_site_file(self.workspace.site_file(self.name), self.name)

    @property
    def authority(self) -> Path:
        """Certificate of the authority that every client trusts."""
        return self.workspace.home / "authority" / "ca.crt"

    def start(self) -> None:
        """Bring the cluster and the mirror of release files up, which `supplies` has filled."""
        self.stack.cluster.start(self.offers)
        supplies.mirror(self.workspace).start()

    def up(self, secrets: Sequence[OutsideSecret] = ()) -> dict[str, int]:
        """Deploy the site, while what comes from outside is filled in; what was changed."""
        self.stack.prepare()
        self.stack.continue_interrupted()
        certificate = [self._certificate()] if self.offers.hosts else []
        with Vault(self.api, [*certificate, *secrets]):
            changes = self.stack.up()
        self._open_doors()
        return changes

    def _open_doors(self) -> None:
        """Let the outside world in to where an Ingress controller would pass it on."""
        listed = self.get("/api/v1/namespaces")["items"]
        for door in policy.doors({each["metadata"]["name"] for each in listed}):
            self.api.create(door)

    def daemon(self, name: str) -> Daemon:
        """One of the cluster's processes."""
        return next(each for each in self.stack.cluster.daemons if each.name == name)

    @cached_property
    def api(self) -> Api:
        """The cluster's API server."""
        server = f"https://{self.at.node}:{PORTS.api}"
        return Api(server, self.workspace.cluster(self.name) / "certificates")

    def address(self, namespace: str, service: str) -> str:
        """Cluster address of a Service, to which the outside world here has a route."""
        return str(
            self.get(f"/api/v1/namespaces/{namespace}/services/{service}")["spec"]["clusterIP"]
        )

    def get(self, path: str) -> Object:
        """Read one object that must be there."""
        found = self.api.get(path)
        if found is None:
            raise DevkitError(f"{self.name} has no {path}")
        return found

    def outputs(self) -> dict[str, Any]:
        """Read what the stack exports, secrets in clear."""
        arguments = ["stack", "output", "--json", "--show-secrets", "--stack", self.name]
        outputs: dict[str, Any] = json.loads(self.stack.run(arguments))
        return outputs

    def _certificate(self) -> OutsideSecret:
        """The brokers' certificate, for every public name of the site."""
        folder = self.authority.parent
        if not (folder / "ca.key").exists():
            certificates.authority(folder, "efd test authority")
        if not (folder / f"{self.name}.key").exists():
            hosts = self.offers.hosts
            certificates.issue(folder, self.name, hosts, common_name=hosts[0])
        values = {
            "tls.crt": (folder / f"{self.name}.crt").read_text(),
            "tls.key": (folder / f"{self.name}.key").read_text(),
        }
        return OutsideSecret(STREAMING, "tls-certs", values)
