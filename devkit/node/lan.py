"""The network inside the enclosure: a bridge, and one machine on it for each site.

The enclosure itself is the outside world: what runs there and is in no node's namespace reaches a
node at its address and node ports, as a producer on another machine would. Routes to Services and
pods exist too, for the test stand's own counting.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devkit.errors import DevkitError
from devkit.lock import only_one
from devkit.node import enclosure
from devkit.node.enclosure import HOSTS

BRIDGE = "lan"
OUTSIDE = "10.222.0.1"
"""Address of the outside world on the bridge."""

CONNECTED = Path("/run/efd/connected")
"""Inside, a file for each node whose network is complete."""

FILTERED = "/proc/sys/net/bridge/bridge-nf-call-iptables"
"""Whether packets between two pods, which a bridge carries, pass the Services' rules too."""


@dataclass(frozen=True)
class Address:
    """Where one site's node is: everything follows from its number, 1 and up."""

    site: str
    number: int

    @property
    def node(self) -> str:
        """Of the node on the bridge."""
        return f"10.222.0.{10 + self.number}"

    @property
    def pods(self) -> str:
        """Range of pods."""
        return f"10.233.{self.number}.0/24"

    @property
    def services(self) -> str:
        """Range of Services; each site has its own, so that one world reaches them all."""
        return f"10.{96 + self.number}.0.0/16"

    @property
    def namespace(self) -> Path:
        """The node's network namespace, as a file inside the enclosure."""
        return Path("/run/netns") / self.site

    def on_node(self, argv: Iterable[str]) -> list[str]:
        """Words that run a command on the node rather than outside."""
        return ["nsenter", f"--net={self.namespace}", "--", *argv]


def address(home: Path, site: str) -> Address:
    """Number a site, the same at every start."""
    path = home / "lan.json"
    with only_one(home / "lan.lock", "numbering the nodes"):
        numbers: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        if site not in numbers:
            numbers[site] = max(numbers.values(), default=0) + 1
            draft = path.with_suffix(".draft")
            draft.write_text(json.dumps(numbers))
            draft.replace(path)
    return Address(site, numbers[site])


def connect(at: Address, names: Iterable[str]) -> None:
    """Put a node on the bridge unless it is there, and give its address the public `names`.

    Only in an enclosure; what a killed attempt left is made anew.
    """
    enclosure.here()
    if not Path(FILTERED).exists():
        raise DevkitError(
            "the kernel does not show a node what passes its bridge",
            "`modprobe br_netfilter`; it concerns every bridge of this machine",
        )
    if not (CONNECTED / at.site).exists():
        _run(
            f"""
            set -e
            mkdir -p /run/netns {CONNECTED}
            ip link show {BRIDGE} >/dev/null 2>&1 || ip link add {BRIDGE} type bridge
            ip address replace {OUTSIDE}/24 dev {BRIDGE}
            ip link set {BRIDGE} up
            ip netns delete {at.site} 2>/dev/null || true
            ip link delete node-{at.number} 2>/dev/null || true
            ip netns add {at.site}
            ip link add node-{at.number} type veth peer name eth0 netns {at.site}
            ip link set node-{at.number} master {BRIDGE} up
            ip -netns {at.site} link set lo up
            ip -netns {at.site} address add {at.node}/24 dev eth0
            ip -netns {at.site} link set eth0 up
            ip -netns {at.site} route add default via {OUTSIDE}
            nsenter --net={at.namespace} sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
            nsenter --net={at.namespace} sh -c 'echo 1 >{FILTERED}'
            ip route replace {at.services} via {at.node}
            ip route replace {at.pods} via {at.node}
            touch {CONNECTED / at.site}
            """
        )
    announce(at.node, [at.site, *names])


def disconnect(at: Address) -> None:
    """Take a node off the bridge, with its namespace and its names; fine if it is on none."""
    (CONNECTED / at.site).unlink(missing_ok=True)
    _run(f"ip netns delete {at.site} 2>/dev/null || true")
    announce(at.node, [])


def announce(address: str, names: Iterable[str]) -> None:
    """Let every node and the outside world find an address by these names, and by no others."""
    known, own = HOSTS.read_text().splitlines(), [address, *names]
    lines = [line for line in known if line.split()[:1] != [address]]
    if len(own) > 1:
        lines.append(" ".join(own))
    # Written in place: the file is a mount, which a renamed draft could not replace.
    HOSTS.write_text("\n".join(lines) + "\n")


@contextmanager
def cut(one: Address, other: Address) -> Iterator[None]:
    """Let nothing pass from one node to another while the body runs; packets just vanish."""
    route = f"ip -netns {one.site} route"
    _run(f"{route} replace blackhole {other.node}/32")
    try:
        yield
    finally:
        _run(f"{route} delete blackhole {other.node}/32")


def _run(script: str) -> None:
    done = subprocess.run(["sh", "-c", script], check=False, capture_output=True, text=True)
    if done.returncode:
        raise DevkitError(f"the nodes' network could not be made: {done.stderr.strip()}")
