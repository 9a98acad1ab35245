"""Ctrl-C, and being told to end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def patient_with_interrupts() -> Iterator[None]:
    """Leave Ctrl-C to the child, which has the same terminal, and act on it when that is done.

    A Pulumi engine then finishes what it has begun and gives its lock back.
    """
    seen = False

    def note(_number: int, _frame: object) -> None:
        nonlocal seen
        seen = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if seen:
        raise KeyboardInterrupt


def stopped_by_signal() -> Callable[[], bool]:
    """Whether SIGTERM or SIGINT has come; from now on they do nothing else."""
    stopped = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return lambda: stopped
