"""The table that `up` ends with."""

from collections.abc import Iterator, Mapping
from typing import Any

HIDDEN = "[secret]"
"""What Pulumi prints in place of a secret output."""


def rows(outputs: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Name and value of every output; nested ones get dotted names, lists numbered ones."""
    for name, value in outputs.items():
        if isinstance(value, Mapping):
            yield from rows(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield from rows({str(n): each for n, each in enumerate(value)}, f"{prefix}{name}.")
        elif value is not None and value != HIDDEN:
            yield f"{prefix}{name}", str(value)


def table(outputs: Mapping[str, Any]) -> str:
    """Two aligned columns."""
    lines = sorted(rows(outputs))
    width = max((len(name) for name, _ in lines), default=0)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in lines)
