"""Take fields back from whoever has changed them, and give them the values that were deployed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from drift.cluster import Cluster
from drift.difference import Difference
from drift.ownership import handed_over
from drift.stack import Resource, plain
from verify.finding import UnaskedError


def chosen(found: Sequence[Difference], names: Sequence[str]) -> list[Difference]:
    """Return the differences of some objects; of all if none is named.

    Raises
    ------
    UnaskedError
        When an object is named that does not differ.
    """
    there = {one.resource.name for one in found}
    unknown = sorted(set(names) - there)
    if unknown:
        known = ", ".join(sorted(there)) or "none"
        raise UnaskedError(f"given {', '.join(unknown)}; of those that differ there are: {known}")
    return [one for one in found if not names or one.resource.name in names]


def take_back(
    found: Sequence[Difference], deployed: Sequence[Resource], cluster: Cluster
) -> Iterator[str]:
    """Put objects back one by one; yield the name of each that was.

    What is gone is left to the next `up`, which makes it again.

    Raises
    ------
    UnaskedError
        When an object is changed at the same time, or the server does not take it.
    """
    inputs = {resource.urn: resource for resource in deployed}
    for urn in dict.fromkeys(one.resource.urn for one in found if _can_be_put_back(one)):
        resource = inputs[urn]
        fields = [one.field for one in found if one.resource.urn == urn]
        (live,) = cluster.live([resource.stub])
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        cluster.hold(live, handed_over(live, fields, resource.manager, now))
        cluster.apply(_deployed(resource), resource.manager)
        yield resource.name


def _can_be_put_back(one: Difference) -> bool:
    return one.resource.is_object and one.kind != "gone"


def _deployed(resource: Resource) -> Mapping[str, Any]:
    told = plain(resource.inputs)
    return {**told, "metadata": {**told.get("metadata", {}), **resource.stub["metadata"]}}
