"""Points of several days in a real InfluxDB, to be backed up, lost and compared."""

import time
from typing import Any

from efd_infra.config.cluster import Storage
from efd_infra.config.identifier import Identifier
from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.timeseries import DatabaseSection, InfluxDbSection, RetentionPolicy
from efd_infra.config.values import Hostname, Keep, Quantity
from tests.support.influx_server import InfluxServer

SECTION = InfluxDbSection(
    host=Hostname("influxdb.example.org"), storage=Storage(size=Quantity("1Gi"))
)
USERS = (
    InfluxDbUser(name="admin", admin=True),
    InfluxDbUser(name="backup", grants={"efd": "READ", "telegraf": "ALL"}),
)
DATABASES = (
    DatabaseSection(
        name=Identifier("efd"),
        retention=(
            RetentionPolicy(name=Identifier("autogen"), keep=Keep("30d")),
            RetentionPolicy(name=Identifier("low"), keep=Keep("52w")),
        ),
    ),
    DatabaseSection(name=Identifier("telegraf")),
)
DAY = 86_400 * 10**9
NOW = time.time_ns()
TODAY = NOW - NOW % DAY
DAYS = 4
EACH = 300
"""Points of each measurement and day."""
SHARDS = DAYS + 1
"""At least: those of the second policy have a week each."""


def line(measurement: str, time_: int, number: int) -> str:
    """Return one point, with every type of field and what needs quoting."""
    word = 'it is \\"said\\"' if number % 5 else "\u00e9"
    fields = f'f={number * 1.1},i={number}i,s="{word}",b={"true" if number % 2 else "false"}'
    return f"{measurement},site=a\\ b,n=x{number % 3} {fields} {time_}"


def fill(server: InfluxServer) -> None:
    """Write points of some days into both policies."""
    for policy in ("autogen", "low"):
        for day in range(DAYS):
            server.write(
                [
                    line(name, moment(day, number), number)
                    for name in ("lsst.sal.A.b", 'odd\\ "name"')
                    for number in range(EACH)
                ],
                policy=policy,
            )


def moment(day: int, number: int) -> int:
    """Return a time, counted back from the end of a day: day 0 is yesterday."""
    return TODAY - day * DAY - 3 * 10**9 * number - 1


def points(server: InfluxServer, database: str = "efd") -> dict[str, list[Any]]:
    """Return every point of both policies, with its tags."""
    return {
        f"{policy} {series.name}": [series.columns, series.rows]
        for policy in ("autogen", "low")
        for series in server.influx().query(
            f'SELECT * FROM "{database}"."{policy}"./.*/',  # noqa: S608 -- names of ours
            chunk=1_000_000,
        )
    }


def databases(server: InfluxServer) -> set[str]:
    """Return the names of the databases but InfluxDB's own."""
    answer = server.influx().query("SHOW DATABASES")
    return {row[0] for series in answer for row in series.rows} - {"_internal"}


def newest(server: InfluxServer, what: str) -> dict[str, Any]:
    """Return the last point about one kind of backup."""
    statement = f"SELECT * FROM backup WHERE what = '{what}' ORDER BY time DESC LIMIT 1"  # noqa: S608 -- a word of ours
    (series,) = server.influx("telegraf").query(statement)
    return dict(zip(series.columns, series.rows[0], strict=True))
