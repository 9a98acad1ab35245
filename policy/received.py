"""Resources as a policy pack receives them, as the plain data that rules look at.

In a preview, some values are not known; they are left out, and their places remembered. What the
engine keeps secret comes in clear, so that nothing here may show the text of a Secret.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs
from pulumi_policy.proxy import UnknownValueError

from rendering.resource import Path, Resource

_PROVIDER_S = "__"
"""How the names of properties begin that a provider keeps for itself."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Received(Resource):
    """A resource of which some values may be unknown."""

    unknown: frozenset[Path]
    """Where values are missing that a deployment will know."""

    def is_unknown(self, path: Path) -> bool:
        """Whether what stands at a path, or around it, or a part of it, is unknown.

        The resource itself, at the path without steps, is always known.
        """
        return bool(path) and any(
            path[: len(place)] == place or place[: len(path)] == path for place in self.unknown
        )


def received(resource: PolicyResource | ResourceValidationArgs) -> Received:
    """Return what the engine told of a resource."""
    unknown: set[Path] = set()
    inputs = {
        key: value
        for key, value in _mapping(resource.props, (), unknown).items()
        if not key.startswith(_PROVIDER_S)
    }
    return Received(
        urn=resource.urn,
        token=resource.resource_type,
        name=resource.name,
        inputs=inputs,
        protect=bool(resource.opts.protect),
        unknown=frozenset(unknown),
    )


def _mapping(value: Mapping[str, Any], path: Path, unknown: set[Path]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for key in value:
        place = (*path, key)
        try:
            known[key] = _plain(value[key], place, unknown)
        except UnknownValueError:
            unknown.add(place)
    return known


def _sequence(value: Sequence[Any], path: Path, unknown: set[Path]) -> list[Any]:
    """Return the known entries; where one is missing, the others have moved, so none is sure."""
    known = []
    for index in range(len(value)):
        try:
            known.append(_plain(value[index], (*path, index), unknown))
        except UnknownValueError:
            unknown.add(path)
    return known


def _plain(value: Any, path: Path, unknown: set[Path]) -> Any:
    if isinstance(value, Mapping):
        return _mapping(value, path, unknown)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _sequence(value, path, unknown)
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the protocol knows one kind of number
    return value
