"""The state of services beside InfluxDB, each as files of a copy.

CHRONOGRAF_DOOR  host and port of the door before Chronograf
SCHEMAS_TOPIC, AGGREGATED_SCHEMAS_TOPIC
                 where registries keep their schemas
KAPACITOR_URL, CONNECT_URL
and what ``brokers`` reads. Whatever is absent is not at the site.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from . import brokers
from .bolt import check
from .destination import Destination
from .door import FILE, Address, door_of, exactly, knock

PATIENCE = 60
"""Seconds that a service may take to answer."""
REGISTRIES = {"schemas": "SCHEMAS_TOPIC", "aggregated-schemas": "AGGREGATED_SCHEMAS_TOPIC"}
"""The variables that name the topics of registries: of records, and of aggregates."""


@dataclass(frozen=True)
class Service:
    """What one service has, as a file of a name."""

    what: str
    name: str
    content: Callable[[], bytes]

    def store(self, where: Destination, folder: str) -> dict[str, Any]:
        """Store it below ``folder``; return what a copy says of it."""
        data = self.content()
        with where.writing(f"{folder}{self.name}") as take:
            take(data)
        return {
            "what": self.what,
            "file": f"{folder}{self.name}",
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
        }


def services(environ: Mapping[str, str]) -> Iterator[Service]:
    """Yield the services that the site has."""
    if "CHRONOGRAF_DOOR" in environ:
        door, key = door_of(environ, "CHRONOGRAF_DOOR")
        yield Service("chronograf", "chronograf-v1.db", lambda: chronograf(door, key))
    if url := environ.get("KAPACITOR_URL"):
        yield Service("kapacitor", "kapacitor.db", lambda: kapacitor(url))
    for what, variable in REGISTRIES.items():
        if topic := environ.get(variable):
            yield Service(what, f"{what}.json", partial(_schemas, environ, topic))
    if connect := environ.get("CONNECT_URL"):
        yield Service("connectors", "connectors.json", lambda: _json(connectors(connect)))
    if "BOOTSTRAP" in environ:
        yield Service("topics", "topics.json", lambda: _json(brokers.topics(environ)))


def _schemas(environ: Mapping[str, str], topic: str) -> bytes:
    return _json(brokers.schemas(environ, topic))


def chronograf(door: Address, key: bytes) -> bytes:
    """Return the file that dashboards, sources and users are in, as it is between two writes.

    Chronograf has no way to ask for a copy: the door waits until it writes nothing.
    """
    with knock(door, key, FILE) as connection:
        size = int.from_bytes(exactly(connection, 8), "big")
        data = exactly(connection, size)
    check(data)
    return data


def kapacitor(url: str) -> bytes:
    """Return the database of tasks, templates and handlers, which Kapacitor copies itself."""
    data = ask(f"{url}/kapacitor/v1/storage/backup")
    check(data)
    return data


def connectors(url: str) -> Any:
    """Return every connector's configuration; passwords are references in it, not values."""
    return json.loads(ask(f"{url}/connectors?expand=info"))


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode()


def ask(url: str, body: Any = None) -> bytes:
    """Return what a service answers; a ``body`` is put there."""
    data = None if body is None else json.dumps(body).encode()
    method = "GET" if data is None else "PUT"
    request = Request(url, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310 -- one of ours
    # Never through a proxy: it is in the cluster.
    with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
        said: bytes = answer.read()
        return said
