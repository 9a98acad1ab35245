"""Ctrl-C while a child works."""

import signal
from collections.abc import Iterator
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
