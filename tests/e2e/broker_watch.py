"""Looks at the brokers again and again: which are ready, and what they say of their replicas."""

import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from devkit.background import Background
from tests.e2e.stand import Stand, is_ready

INTERVAL = 0.5
FRESH = 10.0
"""Seconds for which a figure counts; a busy machine does not answer each time."""
UNDER_REPLICATED = "kafka_server_replicamanager_underreplicatedpartitions"


@dataclass(frozen=True)
class Look:
    """The brokers at one moment."""

    at: float
    pods: dict[str, str]
    """Identity by name of the pods that are not being ended."""
    ready: frozenset[str]
    behind: float | None
    """Partitions with a replica that lags, over all brokers; None when one did not say."""


@dataclass
class BrokerWatch(Background):
    """Looks while entered."""

    stand: Stand
    looks: list[Look] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self._look_once, INTERVAL)

    def most_down(self, brokers: int) -> int:
        """Return how many brokers were away at the worst moment."""
        return max(brokers - len(look.ready) for look in self.looks)

    def restarts(self) -> list[tuple[str, float | None]]:
        """Return which broker went, and how many partitions lagged when all last said so."""
        gone: list[tuple[str, float | None]] = []
        said = self.looks[0]
        for before, after in pairwise(self.looks):
            said = said if before.behind is None else before
            lag = said.behind if after.at - said.at < FRESH else None
            gone += [(n, lag) for n, uid in before.pods.items() if after.pods.get(n) != uid]
        return gone

    def _look_once(self) -> None:
        self.looks.append(self._look(self.stand.brokers()))

    def _look(self, pods: dict[str, dict[str, Any]]) -> Look:
        staying = {n: p for n, p in pods.items() if "deletionTimestamp" not in p["metadata"]}
        ready = frozenset(name for name, pod in staying.items() if is_ready(pod))
        lag = [self.stand.metric(pod, UNDER_REPLICATED) for pod in staying.values()]
        behind = None if None in lag or not lag else sum(each or 0 for each in lag)
        uids = {name: str(pod["metadata"]["uid"]) for name, pod in staying.items()}
        return Look(time.monotonic(), uids, ready, behind)
