"""When the next record of which topic is due."""

import heapq
import random
from collections.abc import Sequence

from devkit.traffic.topic import Topic


class Schedule:
    """All topics in the order in which their next records are due.

    Telemetry is regular, each topic with its own phase; events and commands are a Poisson process.
    """

    def __init__(self, topics: Sequence[Topic], seed: int) -> None:
        """Plan the first record of each topic."""
        self._source = random.Random(seed)  # noqa: S311
        self._topics = topics
        self._heap = [
            (self._source.random() / topic.rate, index) for index, topic in enumerate(topics)
        ]
        heapq.heapify(self._heap)

    @property
    def next(self) -> tuple[float, int]:
        """Seconds from the start to the next record, and the index of its topic."""
        return self._heap[0]

    def advance(self) -> None:
        """Plan the topic's record after this one."""
        due, index = self._heap[0]
        topic = self._topics[index]
        gap = self._source.expovariate(topic.rate) if topic.irregular else 1 / topic.rate
        heapq.heapreplace(self._heap, (due + gap, index))
