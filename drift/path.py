"""Where in an object something is, as the engine writes it: `spec.ports[0].name`, `data["a.b"]`."""

import re
from typing import Any

Path = tuple[str | int, ...]

_ELEMENT = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.\["]+)')
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]*")


def parse(text: str) -> Path:
    """Read a path."""
    return tuple(
        int(index) if index else name or re.sub(r"\\(.)", r"\1", quoted)
        for quoted, index, name in _ELEMENT.findall(text)
    )


def written(path: Path) -> str:
    """Write a path."""
    return "".join(map(_element, path)).removeprefix(".")


def at(document: Any, path: Path) -> Any:
    """Return what is there; None where nothing is."""
    for element in path:
        try:
            document = document[element]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def touch(one: Path, other: Path) -> bool:
    """Whether one of two paths leads through the other."""
    return all(mine == theirs for mine, theirs in zip(one, other, strict=False))


def _element(element: str | int) -> str:
    if isinstance(element, int):
        return f"[{element}]"
    if _PLAIN.fullmatch(element):
        return f".{element}"
    escaped = element.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'
