"""What one look at a bucket has shown."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """One property of a bucket, as it is."""

    good: bool
    told: str
    mend: Callable[[], None] | None = None
    """What makes it good and takes nothing away; none where there is no such way."""
