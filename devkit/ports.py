"""Free ports on loopback, kept from run to run so that addresses stay the same."""

import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from devkit.progress import say

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """The three ports an embedded cluster listens on."""

    api: int
    etcd: int
    etcd_peer: int


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def choose(path: Path) -> Ports:
    """Ports noted in `path`, each replaced by a free one where another program took it meanwhile.

    Call this only while the cluster is down: its own ports would look taken.
    """
    try:
        noted: dict[str, int] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        noted = {}
    taken = [port for port in noted.values() if not is_free(port)]
    for port in taken:
        say(f"port {port} is in use by another program; choosing another")
    kept = {name: port for name, port in noted.items() if port not in taken}
    ports = Ports(**{**_free_ports(), **kept})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(ports)))
    return ports


def noted(path: Path) -> Ports:
    """Ports of a cluster that runs."""
    return Ports(**json.loads(path.read_text()))


def _free_ports() -> dict[str, int]:
    # All are held open together, or the system would hand out the same one again.
    names = list(Ports.__dataclass_fields__)
    sockets = [socket.socket() for _ in names]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return {name: each.getsockname()[1] for name, each in zip(names, sockets, strict=True)}
    finally:
        for each in sockets:
            each.close()
