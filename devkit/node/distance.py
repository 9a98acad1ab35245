"""A long way between two network interfaces: every packet arrives later, and nothing else changes.

A proxy that ends TCP connections and holds back what it has read would hide what distance does to
them: at its ends, windows and acknowledgements would still be those of one machine. This carries
Ethernet frames, so that the connections themselves are long: what is under way is bounded by the
buffers of sender and receiver, which the kernel fills and grows as it does on a real link.

Run as a program: `python -m devkit.node.distance ONE OTHER SECONDS`. Needs the right to open packet
sockets, and both interfaces in its own network namespace.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections import deque
from contextlib import suppress

_ETH_P_ALL = 3
_SOL_PACKET = 263
_PACKET_VNET_HDR = 15
_PACKET_IGNORE_OUTGOING = 23
_SO_RCVBUFFORCE = 33
_SO_SNDBUFFORCE = 32
_BUFFER = 64 * 2**20
"""Bytes that may wait in the kernel for this program: more than is ever under way."""
_FRAME = 2**17
"""More than the largest frame: Linux cuts segments late, so one may hold 64 KiB of a stream."""


def _open(interface: str) -> socket.socket:
    ours = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    # Unfinished checksums and uncut segments are described before each frame, and stay so.
    ours.setsockopt(_SOL_PACKET, _PACKET_VNET_HDR, 1)
    ours.setsockopt(_SOL_PACKET, _PACKET_IGNORE_OUTGOING, 1)
    ours.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    ours.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, _BUFFER)
    ours.bind((interface, _ETH_P_ALL))
    return ours


class Way:
    """One direction."""

    def __init__(self, source: socket.socket, target: socket.socket, seconds: float) -> None:
        """Carry from `source` to `target`, each frame for `seconds`."""
        self._source, self._target, self._seconds = source, target, seconds
        self._under_way: deque[tuple[float, bytes]] = deque()
        self._more = threading.Semaphore(0)

    def start(self) -> None:
        """Carry until the process ends."""
        for work in (self._accept, self._deliver):
            threading.Thread(target=work, daemon=True).start()

    def _accept(self) -> None:
        while True:
            frame = self._source.recv(_FRAME)
            self._under_way.append((time.monotonic() + self._seconds, frame))
            self._more.release()

    def _deliver(self) -> None:
        while True:
            self._more.acquire()
            due, frame = self._under_way.popleft()
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)
            self._target.send(frame)


def main() -> None:
    """Carry both ways until a signal."""
    one, other, seconds = sys.argv[1:]
    with suppress(PermissionError):
        # On a busy machine the way would be longer than it says.
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    ends = _open(one), _open(other)
    for source, target in (ends, ends[::-1]):
        Way(source, target, float(seconds)).start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
