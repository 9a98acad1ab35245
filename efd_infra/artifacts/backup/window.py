"""The hours in which heavy work may run.

SECONDS  that are left of them when a run begins
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass


class OverError(Exception):
    """The time is not enough."""


@dataclass(frozen=True)
class Window:
    """Ends some seconds after it was made."""

    begins: float
    ends: float

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Window":
        """Return the window of a run that begins now."""
        now = time.monotonic()
        return cls(now, now + float(environ["SECONDS"]))

    @property
    def over(self) -> bool:
        """Whether nothing may be begun any more."""
        return time.monotonic() >= self.ends

    def take(self, seconds: float, what: str) -> None:
        """Refuse what will not be done in time: it must wait for the next run, or for ever."""
        whole = self.ends - self.begins
        if seconds > whole:
            raise OverError(f"{what} takes {seconds:.0f} s, and there are {whole:.0f} s a day")
        if time.monotonic() + seconds > self.ends:
            raise OverError(f"the time is over; {what} and later ones must wait")
