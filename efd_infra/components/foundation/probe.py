"""Probes: distinct questions for "has it started", "may it serve" and "is it stuck"."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi_kubernetes import core

_PERIOD = 10
"""Seconds between two probes."""


@dataclass(frozen=True, kw_only=True)
class Probes:
    """The three probes of a container."""

    startup: core.v1.ProbeArgs
    readiness: core.v1.ProbeArgs
    liveness: core.v1.ProbeArgs


def http_probes(
    port: str, *, ready: str, alive: str | None = None, started: str | None = None, start: int
) -> Probes:
    """Ask over HTTP: ``ready`` is a path that fails until the server may serve.

    ``start`` is how many seconds it may take to start, until it is ready (or answers at
    ``started``, where being ready takes others); liveness only asks whether the port still
    answers (or ``alive``), so that a slow dependency never restarts a healthy server.
    """
    action = core.v1.HTTPGetActionArgs(path=ready, port=port)
    first = core.v1.HTTPGetActionArgs(path=started, port=port) if started else action
    return Probes(
        startup=_probe(http_get=first, failures=start // _PERIOD),
        readiness=_probe(http_get=action, failures=3),
        liveness=_probe(
            http_get=core.v1.HTTPGetActionArgs(path=alive, port=port) if alive else None,
            tcp_socket=None if alive else core.v1.TCPSocketActionArgs(port=port),
            failures=6,
        ),
    )


def exec_probes(
    command: Sequence[str], *, ready: Sequence[str] | None = None, start: int, period: int
) -> Probes:
    """Ask with a command in the container, every ``period`` seconds, for what has no port.

    ``ready`` is one that knows better whether the server does its work.
    """
    action = core.v1.ExecActionArgs(command=command)
    return Probes(
        startup=_probe(exec_=action, failures=start // _PERIOD),
        readiness=_probe(
            exec_=core.v1.ExecActionArgs(command=ready) if ready else action,
            failures=3,
            period=period,
        ),
        liveness=_probe(exec_=action, failures=6, period=period),
    )


def tcp_probes(
    port: str,
    *,
    start: int,
    alive: Sequence[str] | None = None,
    ready: Sequence[str] | None = None,
) -> Probes:
    """Ask whether the port accepts connections, for servers that speak no HTTP.

    ``alive`` is a command that knows better than the port whether the server is stuck, ``ready``
    one that knows better whether it may serve.
    """
    action = core.v1.TCPSocketActionArgs(port=port)
    return Probes(
        startup=_probe(tcp_socket=action, failures=start // _PERIOD),
        readiness=_probe(
            exec_=core.v1.ExecActionArgs(command=ready) if ready else None,
            tcp_socket=None if ready else action,
            failures=3,
        ),
        liveness=_probe(
            exec_=core.v1.ExecActionArgs(command=alive) if alive else None,
            tcp_socket=None if alive else action,
            failures=6,
        ),
    )


def _probe(
    *,
    failures: int,
    period: int = _PERIOD,
    http_get: core.v1.HTTPGetActionArgs | None = None,
    tcp_socket: core.v1.TCPSocketActionArgs | None = None,
    exec_: core.v1.ExecActionArgs | None = None,
) -> core.v1.ProbeArgs:
    return core.v1.ProbeArgs(
        http_get=http_get,
        tcp_socket=tcp_socket,
        exec_=exec_,
        period_seconds=period,
        # A command starts a process first, on a node that may be busy.
        timeout_seconds=5 if exec_ is None else 30,
        failure_threshold=failures,
    )
