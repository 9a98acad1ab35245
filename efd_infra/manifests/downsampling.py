"""What the program that fills tiers is told."""

import json
from typing import Any

from efd_infra.config.timeseries import DatabaseSection, RetentionPolicy, TimeseriesSection

NO_TELEMETRY = r".*\.(logevent_|command_|ackcmd)[^.]*"
"""Topics whose records are no samples of anything (lsst-ts/ts_salkafka): a mean of them says
nothing."""

_MARGIN = 120
"""Seconds before the Job's deadline after which no other chunk begins, and beyond the time that
InfluxDB lets a query run."""

_ADMISSION = 60
"""Seconds after which no network policy is what keeps a new pod from its server."""


def downsampling_settings(section: TimeseriesSection, metrics_database: str) -> str:
    """Return the tiers as JSON, each after the one that it is filled from."""
    settings: dict[str, Any] = {
        "metrics": metrics_database,
        "lateness": section.downsampling.lateness.seconds,
        "admission": _ADMISSION,
        "patience": section.influxdb.queries.timeout.seconds + _MARGIN,
        "seconds": max(section.daytime.seconds - _MARGIN, _MARGIN),
        "tiers": [
            _tier(database, policy)
            for database in section.downsampled
            for policy in database.retention
            if policy.tier
        ],
    }
    return json.dumps(settings, indent=2) + "\n"


def _tier(database: DatabaseSection, policy: RetentionPolicy) -> dict[str, Any]:
    tier = policy.tier
    assert tier is not None  # noqa: S101 -- the caller has looked
    sources = {other.name: other for other in database.retention}
    return {
        "database": database.name,
        "policy": policy.name,
        "source": tier.source,
        "every": tier.every.seconds,
        "topics": tier.topics,
        "excluded": NO_TELEMETRY,
        "statistics": list(tier.statistics),
        "derived": sources[tier.source].tier is not None,
    }
