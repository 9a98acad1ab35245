"""Alerts of work that is done at its hours: downsampling and backups.

``downsampling`` has the tags ``database`` and ``policy`` and the fields ``lag``, in seconds, and
``failed``; ``backup`` has the tag ``what`` and the fields ``age``, in seconds, and ``ok``.
"""

from collections.abc import Iterator
from dataclasses import replace

from efd_infra.manifests.alerts.query import Query
from efd_infra.manifests.alerts.rule import Rule, Words
from efd_infra.manifests.alerts.watch import Watch
from efd_infra.manifests.measurements.measurement import Writer

_HOUR, _KEPT = 3600, 36 * 3600
_TIER = '{{ index .Tags "database" }}.{{ index .Tags "policy" }}'


def upkeep_rules(watch: Watch) -> Iterator[Rule]:
    """Yield the rules of downsampling and backups: over a day and a half, for daily work."""
    lag = Words(
        title="downsampling is behind",
        about=_TIER,
        meaning="The tier lacks its newest points. Once raw points expire, they are lost to it.",
        remedy="Read the log of its last run; it goes on where it stopped.",
    )
    failed = Words(title="downsampling fails", about=_TIER, meaning=lag.meaning, remedy=lag.remedy)
    age = Words(
        title="the backup is old",
        about='{{ index .Tags "what" }}',
        meaning="What has changed since then could not be restored.",
        remedy="Read the log of its last run, and whether its store can be reached and has room.",
    )
    bad = Words(
        title="the backup is not good", about=age.about, meaning=age.meaning, remedy=age.remedy
    )
    tier, what = ("database", "policy"), ("what",)
    for signal, words, query, groups in (
        ("downsampling-lag", lag, _downsampled(watch, 'last("lag") / 3600'), tier),
        ("downsampling-failed", failed, _downsampled(watch, 'last("failed")'), tier),
        ("backup-age", age, _backed_up(watch, 'last("age") / 3600'), what),
        ("backup-failed", bad, _backed_up(watch, 'last("ok")'), what),
    ):
        rule = watch.state(signal, words, query, groups)
        yield replace(rule, period=_KEPT, every=_HOUR)


def _downsampled(watch: Watch, select: str) -> Query:
    return watch.measured(Writer.DOWNSAMPLING, "downsampling", select)


def _backed_up(watch: Watch, select: str) -> Query:
    return watch.measured(Writer.BACKUP, "backup", select)
