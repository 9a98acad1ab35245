"""InfluxDB over HTTP, as one of its users.

INFLUXDB_URL    the server
INFLUXDB_LOGIN  the folder with the files ``username`` and ``password``; absent: no login
"""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from .snapshots import ServerError

PATIENCE = 1800
"""Seconds that an answer may take; the server itself ends a query sooner."""
ADMITTED = 60
"""Seconds after which no policy is what keeps a new pod from its server."""
Series = dict[str, Any]


@dataclass(frozen=True)
class Influx:
    """A server as a user sees it."""

    url: str
    login: tuple[str, str] | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Influx":
        """Return the server that a pod is given."""
        folder = environ.get("INFLUXDB_LOGIN")
        if folder is None:
            return cls(environ["INFLUXDB_URL"])
        user, password = (
            (Path(folder) / name).read_text(encoding="utf-8") for name in ("username", "password")
        )
        return cls(environ["INFLUXDB_URL"], (user, password))

    def query(self, statement: str, database: str = "") -> list[Series]:
        """Return the series that a statement answers with; times are nanoseconds."""
        form = {"q": statement, "epoch": "ns", "db": database}
        answer = self._send("/query", urlencode(form).encode())
        said = json.loads(answer)
        for result in [said, *said.get("results", [])]:
            if "error" in result:
                raise ServerError(f"{result['error']}: {statement[:200]}")
        return [series for result in said["results"] for series in result.get("series", [])]

    def column(self, statement: str, column: int = 0) -> Iterator[Any]:
        """Yield one value of each row."""
        return (row[column] for series in self.query(statement) for row in series["values"])

    def write(self, database: str, *lines: str, policy: str = "") -> None:
        """Write points, of now unless they say another time; into the default policy, too."""
        place = urlencode({"db": database, "rp": policy})
        self._send(f"/write?{place}", "\n".join(lines).encode())

    def wait(self) -> None:
        """Wait until it answers: for a moment, network policies refuse a new pod everything.

        One that is away all the same is told of by whatever is asked next.
        """
        until = time.monotonic() + ADMITTED
        while not self.answers() and time.monotonic() < until:
            time.sleep(0.5)

    def answers(self) -> bool:
        """Tell whether it is there."""
        try:
            self._send("/ping", None)
        except ServerError:
            return False
        return True

    def _send(self, path: str, body: bytes | None) -> bytes:
        request = Request(self.url + path, data=body)  # noqa: S310 -- an address of ours
        if self.login:
            token = base64.b64encode(":".join(self.login).encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
        # Never through a proxy: it is in the cluster, or in this pod.
        opener = build_opener(ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                data: bytes = answer.read()
                return data
        except HTTPError as error:
            with error:
                said = error.read(500).decode(errors="replace")
            raise ServerError(f"InfluxDB answers {error.code}: {' '.join(said.split())}") from None
        except OSError as error:
            raise ServerError(f"InfluxDB does not answer: {error}") from None


def quoted(name: str) -> str:
    """Return a name as statements want it."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def source(database: str, policy: str, measurement: str) -> str:
    """Return a measurement as a FROM clause wants it."""
    return ".".join(map(quoted, (database, policy, measurement)))


def within(start: int, end: int) -> str:
    """Return the condition that a time is in a stretch."""
    return f"time >= {start} AND time < {end}"
