"""One run at a time where two would get in each other's way."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devkit.progress import say


@contextmanager
def only_one(path: Path, doing: str) -> Iterator[None]:
    """Hold the lock file at `path`; wait, and say so, while another run holds it.

    The kernel drops the lock with its holder, so a killed run leaves nothing to clean up.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another run is {doing}; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
