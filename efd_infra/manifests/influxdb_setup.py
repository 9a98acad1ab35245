"""What InfluxDB shall hold and who may use it, as the set-up program reads it."""

import json
from collections.abc import Iterable
from typing import Any

from efd_infra.config.influxdb_user import SERVICE_USERS, InfluxDbUser
from efd_infra.config.timeseries import DatabaseSection, RetentionPolicy
from efd_infra.config.values import FOREVER, Keep


def setup_settings(databases: Iterable[DatabaseSection], users: Iterable[InfluxDbUser]) -> str:
    """Return databases and users as JSON; lengths are in seconds, and 0 is for ever."""
    settings: dict[str, Any] = {
        "databases": [
            {
                "name": database.name,
                "policies": [_policy(policy) for policy in database.retention],
            }
            for database in databases
        ],
        "users": [
            {
                "name": user.name,
                "admin": user.admin,
                "grants": dict(sorted(user.grants.items())),
            }
            for user in sorted(users, key=lambda user: user.name)
        ],
        "services": SERVICE_USERS,
    }
    return json.dumps(settings, indent=2) + "\n"


def _policy(policy: RetentionPolicy) -> dict[str, str | int | None]:
    return {
        "name": policy.name,
        "keep": _seconds(policy.keep),
        "shard": policy.shard_duration.seconds,
        "shortenedFrom": _seconds(policy.shortened_from) if policy.shortened_from else None,
    }


def _seconds(length: Keep) -> int:
    return 0 if length == FOREVER else length.seconds
