"""What tells Kubernetes when a broker counts, and when it can be spared.

Readiness asks whether it has caught up, so that a set that restarts its pods one by one, a drain
and whoever waits for the brokers go on only then. Before a stop, a gate waits until no partition
needs this broker.
"""

from dataclasses import replace

from efd_infra.components.foundation.pod import Container
from efd_infra.components.foundation.probe import tcp_probes
from efd_infra.config.listener import REPLICATION
from efd_infra.manifests.kafka_admin import admin_environment

GATE_FILES = ("kafka/admin.sh", "kafka/in_sync.sh", "kafka/ready.sh", "kafka/stop_gate.sh")
"""The scripts, beside the one that starts a broker."""

GRACE = 600
"""Seconds for a broker to stop: half of them for the gate below and half for the stop itself, in
which it hands over the partitions it leads, one by one. A set that is deleted as a whole may take
all of them, and Pulumi waits that long by default."""

_GATE = 300
"""Seconds that a stop is held back at most."""
_START = 1800
"""Seconds to start: after a crash a node first reads its whole unflushed log."""
_LATCH = "/tmp/in-sync"  # noqa: S108 -- the pod's own scratch volume


def gated(node: Container, settings_dir: str) -> Container:
    """Return the broker ``node`` with its probes and its gate; the scripts are in a folder."""
    # Not the whole cluster: an answer from another broker would say nothing of this one.
    own = f"localhost:{REPLICATION.port}"
    # What the gate says goes to the pod's log: nobody else keeps it.
    gate = f"sh {settings_dir}/stop_gate.sh >/proc/1/fd/1 2>&1"
    return replace(
        node,
        env={
            **node.env,
            **admin_environment(own, settings_dir),
            "LATCH": _LATCH,
            "PATIENCE": str(_GATE),
        },
        probes=tcp_probes(
            REPLICATION.name.lower(), start=_START, ready=["sh", f"{settings_dir}/ready.sh"]
        ),
        before_stop=["sh", "-c", gate],
    )
