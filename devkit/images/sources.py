"""The texts that decide what an image holds, and the key that changes with them."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_LEFT_OUT = ("_test.go", ".pyc", ".md")


def digest(*values: str, files: Iterable[Path] = ()) -> str:
    """Return a short digest of `values` and of the contents of `files` and folders."""
    state = hashlib.sha256()
    for value in values:
        state.update(f"{len(value)}:{value}".encode())
    for name, path in _named(files):
        content = path.read_bytes()
        state.update(f"{len(name)}:{name}{len(content)}:".encode())
        state.update(content)
    return state.hexdigest()[:16]


def _named(files: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for file in files:
        if file.is_dir():
            for path in sorted(file.rglob("*")):
                if path.is_file() and not path.name.endswith(_LEFT_OUT):
                    yield str(path.relative_to(file)), path
        else:
            yield file.name, file
