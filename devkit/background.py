"""Something that is done again and again beside the rest."""

import time
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Self


class Background:
    """Does `work` every `interval` seconds, in a thread of its own, from `with` to its end.

    Work that took longer than the interval is begun again at once.
    """

    def __init__(self, work: Callable[[], None], interval: float) -> None:
        self._work = work
        self._interval = interval
        self._stopped = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin, at once."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End after the work in hand."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stopped.wait(max(due - time.monotonic(), 0)):
            due = max(due + self._interval, time.monotonic())
            self._work()
