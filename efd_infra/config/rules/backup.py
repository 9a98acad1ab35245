"""Rules of backups."""

from collections.abc import Iterator

from efd_infra.config.mistake import Mistake
from efd_infra.config.site import Site

_SHORTEST = 3600
"""Seconds: the reading of a day's shard takes an hour at the Summit."""


def backups_have_time(site: Site) -> Iterator[Mistake]:
    """A copy is taken between two times of one day."""
    daytime = site.timeseries.daytime
    if site.backup and daytime.seconds < _SHORTEST:
        yield Mistake(
            "timeseries.daytime.ends",
            daytime.ends,
            f"at least an hour after begins, {daytime.begins}: copies are taken meanwhile",
        )


RULES = (backups_have_time,)
