"""Ways from this machine to servers in a sandbox's cluster, through its API server alone.

Nothing of a sandbox has to be in the DNS for it, and nothing but the API server to be reached.
"""

import re
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sandbox.errors import SandboxError

_LOOPBACK = "127.0.0.1"
_READY = re.compile(rf"Forwarding from {re.escape(_LOOPBACK)}:(\d+)")

Place = tuple[str, int]
"""A host and a port."""


@contextmanager
def forwarded(kubectl: Sequence[str], namespace: str, target: str, port: int) -> Iterator[Place]:
    """Forward a free port of this machine to a pod or Service while the body runs.

    Raises
    ------
    SandboxError
        When there is no way there, in the words of kubectl.
    """
    where = [f"--namespace={namespace}", f"--address={_LOOPBACK}", target, f":{port}"]
    with subprocess.Popen(  # noqa: S603 -- the kubectl of a ground
        [*kubectl, "port-forward", *where],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 -- asked for above
            ready = _READY.match(process.stdout.readline())
            if ready is None:
                process.kill()
                _, said = process.communicate()
                raise SandboxError(f"{namespace}, {target}, port {port}: {said.strip()}")
            yield _LOOPBACK, int(ready[1])
        finally:
            process.kill()


@contextmanager
def resolved(places: Mapping[Place, Place]) -> Iterator[None]:
    """Let this process dial some places elsewhere; whoever asks for a certificate asks the name.

    Kafka's clients dial what brokers say of themselves, which only their cluster can resolve.
    librdkafka asks the C library; this is for clients that are Python.
    """
    plain = socket.getaddrinfo

    def lookup(host: Any, port: Any, *more: Any, **options: Any) -> Any:
        there, number = places.get((str(host), int(port or 0)), (host, port))
        return plain(there, number, *more, **options)

    socket.getaddrinfo = lookup
    try:
        yield
    finally:
        socket.getaddrinfo = plain
