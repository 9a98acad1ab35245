"""Names that the engine makes up, which another run would make up otherwise."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from rendering.wire import UNKNOWN
from report.change import Change

LATER = "(known later)"
"""Stands for a value that only the deployment can know."""


def without_made_up_names(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes with logical names in the place of made-up ones, wherever they stand."""
    listed = tuple(changes)
    known = {UNKNOWN: LATER}
    for change in listed:
        for inputs in (change.old, change.new):
            named = (inputs.get("metadata") or {}).get("name")
            if isinstance(named, str) and change.is_autonamed:
                known[named] = change.name
    return tuple(
        dataclasses.replace(
            change, old=_replaced(change.old, known), new=_replaced(change.new, known)
        )
        for change in listed
    )


def _replaced(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _replaced(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, known) for item in value]
    return known.get(value, value) if isinstance(value, str) else value
