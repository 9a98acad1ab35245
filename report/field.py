"""Where two JSON values differ, field by field."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ABSENT = "(absent)"
_LONGEST = 200
"""Characters of a value that are shown; the rest is counted."""
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class FieldChange:
    """One field before and after."""

    path: Path
    old: str
    new: str

    @property
    def place(self) -> str:
        """The path as the engine writes it: ``spec.rules[0].host``, ``data["a.conf"]``."""
        return place(self.path)

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.place}: {self.old} → {self.new}"


def place(path: Path) -> str:
    """Return a path as one word."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        elif _PLAIN_KEY.fullmatch(key):
            text += f".{key}" if text else key
        else:
            text += f"[{json.dumps(key)}]"
    return text


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[FieldChange]:
    """Yield each leaf that differs, in the order of the paths.

    Items of lists that have names (containers, volumes, ports, environments) are compared by name,
    so that one more is one difference.
    """
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from differences(old.get(key, _NOTHING), new.get(key, _NOTHING), (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        named = _by_name(old), _by_name(new)
        if named[0] is not None and named[1] is not None:
            yield from differences(named[0], named[1], path)
            return
        for index in range(max(len(old), len(new))):
            before, after = (s[index] if index < len(s) else _NOTHING for s in (old, new))
            yield from differences(before, after, (*path, index))
    else:
        yield FieldChange(path, shown(old), shown(new))


class _Nothing:
    """Stands for what is not there, which ``None`` could be."""


_NOTHING = _Nothing()


def _by_name(items: list[Any]) -> dict[str, Any] | None:
    if not all(isinstance(item, Mapping) and isinstance(item.get("name"), str) for item in items):
        return None
    named = {item["name"]: item for item in items}
    return named if len(named) == len(items) else None


def shown(value: Any) -> str:
    """Return a value as one line of JSON; a text as it is, where it has one line."""
    if isinstance(value, _Nothing):
        return ABSENT
    plain = isinstance(value, str) and value.isprintable() and value.strip() == value != ""
    text = value if plain else json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(text) <= _LONGEST:
        return str(text)
    return f"{text[:_LONGEST]}… ({len(text) - _LONGEST} more characters)"
