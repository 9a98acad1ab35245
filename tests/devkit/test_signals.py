"""Being told to end."""

import os
import signal
from collections.abc import Iterator

import pytest

from devkit.signals import stopped_by_signal


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_noted_and_does_nothing_else(number: int) -> None:
    stopped = stopped_by_signal()
    assert not stopped()
    os.kill(os.getpid(), number)
    assert stopped()
