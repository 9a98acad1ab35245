"""One generated document, and how a folder of them compares with what is in the tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["right", "missing", "stale", "surplus"]

GENERATED = ("docs/sites/*.md", "docs/sites/*.svg")
"""Files that exist for a site: one that no site has is surplus."""


@dataclass(frozen=True)
class Document:
    """A file of the repository that is made from its data."""

    path: str
    """Where it stands, from the repository's root."""
    text: str
    """All of it."""


@dataclass(frozen=True)
class Comparison:
    """How one file of the tree is, beside what it has to be."""

    path: str
    state: State


def compared(documents: Sequence[Document], root: Path) -> list[Comparison]:
    """Return the state of each document and of each file that is none, by path."""
    found = [Comparison(document.path, _state(document, root)) for document in documents]
    found += [Comparison(path, "surplus") for path in _surplus(documents, root)]
    return sorted(found, key=lambda comparison: comparison.path)


def written(documents: Sequence[Document], root: Path) -> list[Comparison]:
    """Bring the tree to the documents; return how it was before."""
    before = compared(documents, root)
    texts = {document.path: document.text for document in documents}
    for comparison in before:
        path = root / comparison.path
        if comparison.state == "surplus":
            path.unlink()
        elif comparison.state != "right":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[comparison.path], encoding="utf-8")
    return before


def _state(document: Document, root: Path) -> State:
    path = root / document.path
    if not path.exists():
        return "missing"
    return "right" if path.read_text(encoding="utf-8") == document.text else "stale"


def _surplus(documents: Sequence[Document], root: Path) -> Iterator[str]:
    wanted = {document.path for document in documents}
    for pattern in GENERATED:
        there = {str(path.relative_to(root)) for path in root.glob(pattern)}
        yield from sorted(there - wanted)
