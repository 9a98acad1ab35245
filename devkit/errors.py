"""What a person reads when something is in the way."""

import sys
from collections.abc import Callable

INTERRUPTED = 130
"""Exit code of a program that Ctrl-C ended, by the shells' convention."""


class DevkitError(Exception):
    """One thing is in the way: what it is and what to do about it."""

    def __init__(self, what: str, todo: str = "") -> None:
        """Say what is wrong in one line and, where there is one, the way out in another."""
        super().__init__(what)
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        """Both lines as a terminal shows them."""
        return f"error: {self.what}" + (f"\n  → {self.todo}" if self.todo else "")


def exit_code(run: Callable[[], int], command: str) -> int:
    """Run a command; its exit code, or that of what is in the way, which is said."""
    try:
        return run()
    except DevkitError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"error: {error.strerror or error}: {error.filename or command}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stopped; the same command continues\n")
        return INTERRUPTED
