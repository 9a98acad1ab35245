"""One thing that a site is watched for."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One thing to watch."""

    name: str
    """The alert's name."""
    unit: str
    """What the numbers count."""
    warning: float | None = None
    """Beyond this number it is a warning; None: it never is one."""
    critical: float | None = None
    """Beyond this number it is critical; None: it never is."""
    low: bool = False
    """Whether beyond means below: what is watched is what is left."""
    source: str
    """Where the numbers are from."""

    @property
    def is_ordered(self) -> bool:
        """Whether it is a warning before it is critical, and anything at all."""
        if self.warning is None or self.critical is None:
            return (self.warning, self.critical) != (None, None)
        return self.critical < self.warning if self.low else self.warning < self.critical
