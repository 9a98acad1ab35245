"""A stand-in for Google's interfaces on loopback: it pages, fails and dawdles as told."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from sandbox.google import GoogleCloud

PROJECT = "example-project"
_SCOPE = {"disks": "zones/us-central1-b"}
_PAGE = 2
"""Resources on a page."""


@dataclass
class Google:
    """What is in the project, and how the interfaces behave."""

    clusters: dict[str, dict[str, str]] = field(default_factory=dict)
    """Labels by name."""
    things: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """By kind and name: labels and whatever else."""
    zones: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """Of Cloud DNS: by zone and name, where it leads; a name that begins with _ is a text."""
    accounts: set[str] = field(default_factory=set)
    """Addresses of IAM's accounts."""
    ill: dict[str, int] = field(default_factory=dict)
    """How many more requests fail, by a part of their path."""
    status: int = 503
    """With which they fail."""
    slow: float = 0.0
    """Seconds before an answer."""
    missing_zones: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    looks: int = 1
    """How often an operation is not done yet."""
    refuse: str = ""
    """Why nothing is removed."""
    asked: list[str] = field(default_factory=list)
    """Method and path of each request."""
    url: str = ""
    pending: Counter[str] = field(default_factory=Counter)
    refused: dict[str, str] = field(default_factory=dict)

    def cloud(self, **changes: Any) -> GoogleCloud:
        """Return a client with little patience."""
        session = requests.Session()
        session.trust_env = False
        quick = {"timeout": 0.5, "pause": 0.01, "patience": 2.0, "interval": 0.01}
        return GoogleCloud(
            PROJECT,
            session,
            f"{self.url}/v1",
            f"{self.url}/compute/v1",
            f"{self.url}/dns/v1",
            f"{self.url}/iam/v1",
            **{**quick, **changes},
        )

    def answer(self, method: str, path: str) -> tuple[int, dict[str, Any]]:
        """Return status and body."""
        place, query = urlsplit(path).path, parse_qs(urlsplit(path).query)
        self.asked.append(f"{method} {place}")
        sleep(self.slow)
        for part, times in self.ill.items():
            if part in place and times:
                self.ill[part] -= 1
                return self.status, {"error": {"message": "not now"}}
        if "/dns/" in place:
            return self._names(method, place, query)
        if "/serviceAccounts/" in place:
            return self._account(method, place.rpartition("/")[2])
        return self._compute(method, place, query)

    def _compute(
        self, method: str, place: str, query: dict[str, list[str]]
    ) -> tuple[int, dict[str, Any]]:
        """Compute Engine and Kubernetes Engine."""
        if "/operations/" in place:
            return 200, self._operation(place)
        if method == "DELETE":
            return self._delete(place)
        if "/global/" in place:
            return 200, self._global(place.rpartition("/")[2], query)
        if place.endswith("/locations/-/clusters"):
            return 200, self._clusters()
        return 200, self._page(place.rpartition("/")[2], query)

    def _names(
        self, method: str, place: str, query: dict[str, list[str]]
    ) -> tuple[int, dict[str, Any]]:
        """Cloud DNS: zones, their names, and the end of one, which is there at once."""
        zone, _, rest = place.partition("/managedZones/")[2].partition("/rrsets")
        names = self.zones.get(zone, {})
        if method == "DELETE":
            name = rest.strip("/").removesuffix("/A")
            return (
                (404, {"error": {"message": "not found"}})
                if names.pop(name, None) is None
                else (200, {})
            )
        kind = "rrsets" if zone else "managedZones"
        listed = [
            {"name": name, "type": "TXT" if name.startswith("_") else "A", "rrdatas": data}
            for name, data in names.items()
        ]
        listed = listed if zone else [{"name": name} for name in self.zones]
        first = int(query.get("pageToken", ["0"])[0])
        more = {"nextPageToken": str(first + _PAGE)} if listed[first + _PAGE :] else {}
        # A list of nothing is left out of an answer.
        return 200, {kind: listed[first : first + _PAGE], **more} if listed else {}

    def _account(self, method: str, email: str) -> tuple[int, dict[str, Any]]:
        """An account of IAM: it goes at once."""
        if email not in self.accounts:
            return 404, {"error": {"message": "not found"}}
        if method == "DELETE":
            self.accounts.remove(email)
            return 200, {}
        return 200, {"email": email}

    def _global(self, kind: str, query: dict[str, list[str]]) -> dict[str, Any]:
        """A list of what has no place: rules of firewalls, and networks."""
        link = f"https://www.googleapis.com/compute/v1/projects/{PROJECT}/global"
        items = [
            {"name": name, "selfLink": f"{link}/{kind}/{name}", **thing}
            for name, thing in sorted(self.things.get(kind, {}).items())
        ]
        first = int(query.get("pageToken", ["0"])[0])
        more = {"nextPageToken": str(first + _PAGE)} if items[first + _PAGE :] else {}
        return {"items": items[first : first + _PAGE], **more} if items else {}

    def _clusters(self) -> dict[str, Any]:
        listed = [
            {"name": name, "location": "us-central1-b", "resourceLabels": labels}
            for name, labels in self.clusters.items()
        ]
        return {"clusters": listed, "missingZones": list(self.missing_zones)}

    def _page(self, kind: str, query: dict[str, list[str]]) -> dict[str, Any]:
        key, _, value = query.get("filter", [""])[0].removeprefix("labels.").partition("=")
        key = key.removesuffix(":*")
        names = [
            name
            for name, thing in sorted(self.things.get(kind, {}).items())
            if not key
            or (key == "name" and name == value)
            or (key in thing.get("labels", {}) and value in ("", thing["labels"][key]))
        ]
        first = int(query.get("pageToken", ["0"])[0])
        scope = _SCOPE.get(kind, "regions/us-central1")
        link = f"https://www.googleapis.com/compute/v1/projects/{PROJECT}/{scope}/{kind}"
        items = [
            {"name": name, "selfLink": f"{link}/{name}", **self.things[kind][name]}
            for name in names[first : first + _PAGE]
        ]
        empty = {"warning": {"code": "NO_RESULTS_ON_PAGE"}}
        more = {"nextPageToken": str(first + _PAGE)} if names[first + _PAGE :] else {}
        found = {kind: items} if items else empty
        unreachable = {"unreachables": list(self.unreachable)} if self.unreachable else {}
        return {"items": {"global": empty, scope: found}, **more, **unreachable}

    def _delete(self, place: str) -> tuple[int, dict[str, Any]]:
        folder, _, name = place.rpartition("/")
        kind = folder.rpartition("/")[2]
        there = self.clusters if kind == "clusters" else self.things.get(kind, {})
        if name not in there:
            return 404, {"error": {"message": "not found"}}
        # A network stays as long as anything is in it.
        within = [t for k in self.things if k != kind for t in self.things[k].values()]
        used = any(str(t.get("network", "")).endswith(f"/{name}") for t in within)
        refuse = self.refuse or ("it is in use" if kind == "networks" and used else "")
        if not refuse:
            del there[name]
        operation = f"{folder.rpartition('/')[0]}/operations/op-{name}"
        self.pending[operation] = self.looks
        self.refused[operation] = refuse
        return 200, {
            "name": f"op-{name}",
            "status": "RUNNING",
            "selfLink": f"https://www.googleapis.com{operation}",
        }

    def _operation(self, place: str) -> dict[str, Any]:
        self.pending[place] -= 1
        if self.pending[place] >= 0:
            return {"status": "RUNNING"}
        refuse = self.refused[place]
        error = {"error": {"errors": [{"message": refuse}]}} if refuse else {}
        return {"status": "DONE", **error}


@contextmanager
def google(**state: Any) -> Iterator[Google]:
    """Serve a project while the body runs."""
    there = Google(**state)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply("GET")

        def do_DELETE(self) -> None:
            self._reply("DELETE")

        def _reply(self, method: str) -> None:
            status, body = there.answer(method, self.path)
            text = json.dumps(body).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
            except OSError:
                return  # nobody waits any more

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base names it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
