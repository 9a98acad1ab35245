"""Dialling from where a pod is: in its network namespace, with its address."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from devkit.node.real_node import RealNode
from tests.e2e.stand import Stand, is_staying
from tests.support.network import End

PATIENCE = 3
"""Seconds for an answer: the enforcer refuses at once, and a broken network never would."""

DIAL = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor
def dial(place):
    with socket.socket() as client:
        client.settimeout(%d)
        return client.connect_ex(tuple(place)) == 0
places = json.load(sys.stdin)
with ThreadPoolExecutor(16) as pool:
    json.dump(list(pool.map(dial, places)), sys.stdout)
"""

Place = tuple[str, int]
"""An address and a port."""


@dataclass(frozen=True)
class RunningPod:
    """A pod of a real site."""

    stand: Stand
    item: dict[str, Any]
    """What the API server says of it."""

    @property
    def end(self) -> End:
        """The pod as policies see it."""
        place = self.item["metadata"]
        labels = tuple(sorted(place.get("labels", {}).items()))
        return End(place["namespace"], labels, self.item["status"]["podIP"])

    @property
    def places(self) -> list[Place]:
        """Where its containers say that they listen."""
        spec = self.item["spec"]
        containers = [*spec.get("initContainers", []), *spec["containers"]]
        ports = [port["containerPort"] for each in containers for port in each.get("ports", [])]
        return [(self.item["status"]["podIP"], port) for port in ports]

    def dial(self, places: Iterable[Place]) -> dict[Place, bool]:
        """Try places from inside the pod: whether each accepts a connection."""
        return dial(["nsenter", f"--net=/proc/{self._process()}/ns/net", "--"], places)

    def _process(self) -> int:
        """Return a process of the pod, as it is numbered in the enclosure."""
        (container, *_) = self.item["status"]["containerStatuses"]
        wanted = container["containerID"].removeprefix("containerd://")
        cluster = self.stand.site.stack.cluster
        assert isinstance(cluster.nodes, RealNode)
        listed = cluster.nodes.ctr(cluster.folder, "tasks", "ls")
        return next(int(line.split()[1]) for line in listed.splitlines() if wanted in line)


def dial(there: list[str], places: Iterable[Place]) -> dict[Place, bool]:
    """Try places from where the words before a command lead."""
    wanted = sorted(set(places))
    argv = [*there, sys.executable, "-c", DIAL % PATIENCE]
    done = subprocess.run(  # noqa: S603 - ours
        argv, input=json.dumps(wanted), check=True, capture_output=True, text=True
    )
    return dict(zip(wanted, json.loads(done.stdout), strict=True))


def running_pods(stand: Stand) -> list[RunningPod]:
    """Return the site's pods that are there to serve and stay while a check dials."""
    own = "app.kubernetes.io/part-of"
    items = [pod for pod in stand.everywhere() if own in pod["metadata"].get("labels", {})]
    return [RunningPod(stand, pod) for pod in items if is_staying(pod)]
