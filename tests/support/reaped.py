"""Reaping at another time than now."""

from datetime import UTC, datetime, timedelta

from sandbox.ground import Ground
from sandbox.reaper import Reaper, Verdict


def reaped(ground: Ground, after: timedelta, patience: float) -> dict[str, Verdict]:
    """Reap as if it were later; the verdicts by name."""
    reaper = Reaper(ground=ground, now=datetime.now(UTC) + after, patience=patience)
    return {verdict.name: verdict for verdict in reaper.reap()}
