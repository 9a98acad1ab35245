"""Names in Cloud DNS that lead to addresses of sandboxes: they are known by where they lead."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

Pages = Callable[[str], Iterator[dict[str, Any]]]
"""Asks for a list, and yields its answers page by page."""


@dataclass(frozen=True)
class Record:
    """One name, and where it leads."""

    host: str
    place: str
    """How the cloud itself finds it."""
    addresses: tuple[str, ...]


def records(project: str, pages: Pages, addresses: Collection[str]) -> Iterator[Record]:
    """Yield the names of all zones of a project that lead to these addresses, and nowhere else.

    ``project`` is where Cloud DNS is asked about it.
    """
    for zone in _listed(pages, f"{project}/managedZones", "managedZones"):
        sets = f"{project}/managedZones/{zone['name']}/rrsets"
        for found in _listed(pages, sets, "rrsets"):
            leads_to = tuple(found.get("rrdatas") or ())
            if found["type"] == "A" and leads_to and set(leads_to) <= set(addresses):
                name = found["name"]
                yield Record(name.removesuffix("."), f"{sets}/{name}/A", leads_to)


def _listed(pages: Pages, where: str, kind: str) -> Iterator[dict[str, Any]]:
    for answer in pages(where):
        yield from answer.get(kind) or []
