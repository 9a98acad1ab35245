"""Chronograf's connections, as files of its resources directory.

Chronograf shows them beside those in its own database, and nobody can change them in the page.
"""

import json

PORT = 8888
"""Where the server itself listens; its Service has another."""

SOURCE_FILE = "efd.src"
KAPACITOR_FILE = "efd.kap"

_SOURCE_ID = "10000"
"""Above any number that Chronograf's own database hands out; the database would win."""
ORGANIZATION = "default"
"""The organisation that Chronograf makes by itself; a connection is shown in its own only."""


def chronograf_source(
    *,
    influxdb_url: str,
    username: str,
    password: str,
    telegraf_database: str,
    default_retention_policy: str,
) -> str:
    """Return the text of a ``.src`` file: the connection to InfluxDB, used by default."""
    return _json(
        {
            "id": _SOURCE_ID,
            "name": "EFD",
            "type": "influx",
            "url": influxdb_url,
            "username": username,
            "password": password,
            "default": True,
            "telegraf": telegraf_database,
            "defaultRP": default_retention_policy,
            "organization": ORGANIZATION,
            # Only until it has asked the server; without a version it takes it for InfluxDB 2.
            "version": "unknown",
        }
    )


def chronograf_kapacitor(*, kapacitor_url: str, name: str = "EFD") -> str:
    """Return the text of a ``.kap`` file: the connection to Kapacitor.

    It has no ``type``: one that has is taken for a service of another kind and not shown.
    """
    return _json(
        {
            "id": _SOURCE_ID,
            "srcId": _SOURCE_ID,
            "name": name,
            "url": kapacitor_url,
            "active": True,
            "organization": ORGANIZATION,
        }
    )


def _json(connection: dict[str, str | bool]) -> str:
    return json.dumps(connection, indent=2, sort_keys=True) + "\n"
