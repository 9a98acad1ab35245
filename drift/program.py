"""A program of whoever asks, run to its end."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from verify.finding import UnaskedError


def printed(
    command: Sequence[str], question: str, *, given: str | None = None, folder: Path | None = None
) -> str:
    """Return what a program on the path prints; ``question`` is how a refusal begins.

    Raises
    ------
    UnaskedError
        When there is no such program, or it refuses.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- the user's own
            command, cwd=folder, input=given, check=False, capture_output=True, text=True
        )
    except FileNotFoundError:
        raise UnaskedError(f"there is no {command[0]} on the path") from None
    if done.returncode:
        raise UnaskedError(f"{question}: {done.stderr.strip() or done.stdout}")
    return done.stdout
