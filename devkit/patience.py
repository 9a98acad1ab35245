"""Waiting for something to happen."""

import time
from collections.abc import Callable


def wait_until(happened: Callable[[], bool], limit: float, interval: float = 0.05) -> bool:
    """Ask `happened` until it says yes or `limit` seconds have passed; whether it said yes."""
    end = time.monotonic() + limit
    while not happened():
        if time.monotonic() > end:
            return False
        time.sleep(interval)
    return True
