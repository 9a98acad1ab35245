"""Markdown in which foreign text stays text."""

import re

_LEAST_FENCE = 3


def code(text: str) -> str:
    """Return ``text`` as code within a line; whatever it holds, it ends where it ends."""
    line = " ".join(text.split())
    ticks = "`" * (_longest(r"`+", line) + 1)
    padded = f" {line} " if line.startswith("`") or line.endswith("`") or not line else line
    return f"{ticks}{padded}{ticks}"


def cell(text: str) -> str:
    """Return ``text`` as code within a cell of a table, where a bar would end the cell."""
    return code(text.replace("|", "¦"))


def fenced(text: str, language: str) -> str:
    """Return ``text`` as a block; its fence is longer than any inside."""
    fence = "`" * max(_LEAST_FENCE, _longest(r"`{3,}", text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _longest(pattern: str, text: str) -> int:
    return max((len(found) for found in re.findall(pattern, text)), default=0)
