"""Waiting for something to come about, which a test cannot go on without."""

from collections.abc import Callable

from devkit.patience import wait_until


def wait_for(until: Callable[[], object], what: str, seconds: float) -> None:
    """Wait until ``until`` says yes; fail with ``what`` did not come about."""
    assert wait_until(lambda: bool(until()), seconds), f"it does not come about: {what}"
