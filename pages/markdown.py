"""Pieces of Markdown."""

from collections.abc import Iterable, Sequence

GENERATED_NOTE = "<!-- made by `make docs`; a test refuses what differs -->\n"
"""The first line of a page that is written as a whole."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; empty cells are told by a dash, bars in cells are escaped."""
    lines = [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows),
    ]
    return "".join(f"{line}\n" for line in lines)


def code(text: object) -> str:
    """Return a text as code; nothing where there is none."""
    return f"`{text}`" if text not in (None, "") else ""


def codes(texts: Iterable[object]) -> str:
    """Return texts as code, one after the other."""
    return ", ".join(code(text) for text in texts)


def section(title: str, *parts: str, level: int = 2) -> str:
    """Return a section with what is there of its parts, or nothing."""
    there = [part.strip("\n") for part in parts if part]
    return "\n\n".join([f"{'#' * level} {title}", *there]) + "\n" if there else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|") if text else "-"
