"""InfluxDB's users and what they may do, as the set-up script reads them."""

from collections.abc import Iterable

from efd_infra.config.influxdb_user import InfluxDbUser


def user_grants(users: Iterable[InfluxDbUser]) -> str:
    """Return one line per user: its name, then ``admin`` or ``database=PRIVILEGE`` for each.

    Administrators come first, because InfluxDB takes no other statement before it has one.
    """
    ordered = sorted(users, key=lambda user: (not user.admin, user.name))
    return "".join(f"{' '.join([user.name, *_grants(user)])}\n" for user in ordered)


def _grants(user: InfluxDbUser) -> list[str]:
    if user.admin:
        return ["admin"]
    return [f"{database}={user.grants[database]}" for database in sorted(user.grants)]
