"""InfluxDB's databases and retention policies, as InfluxQL.

One statement a line, each of which can be run again. Nothing here drops anything.
"""

from collections.abc import Iterable, Iterator

from efd_infra.config.timeseries import DEFAULT_POLICY, DatabaseSection, RetentionPolicy
from efd_infra.config.values import FOREVER, Duration


def database_statements(databases: Iterable[DatabaseSection]) -> str:
    """Return the statements that bring ``databases`` to what the site says."""
    lines = [statement for database in databases for statement in _database(database)]
    return "\n".join(lines) + "\n"


def _database(database: DatabaseSection) -> Iterator[str]:
    yield f'CREATE DATABASE "{database.name}"'
    for policy in database.retention:
        is_default = policy.name == DEFAULT_POLICY
        options = f'"{policy.name}" ON "{database.name}" {_options(policy)}'
        if not is_default:
            # Refused where the policy exists with other options; the next line changes those.
            yield f"CREATE RETENTION POLICY {options}"
        yield f"ALTER RETENTION POLICY {options}{' DEFAULT' if is_default else ''}"


def _options(policy: RetentionPolicy) -> str:
    return (
        f"DURATION {_duration(policy.keep)} REPLICATION 1 "
        f"SHARD DURATION {_duration(policy.shard_duration)}"
    )


def _duration(length: Duration) -> str:
    return "INF" if length == FOREVER else length
