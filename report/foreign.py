"""`python -m report.foreign`: make a comment harmless that the code of a fork may have written.

Whoever changes the program changes what writes the report: the text is a stranger's. It is read
from standard input, and written as a comment that names nobody, links nowhere, loads nothing and
says where it comes from. Only the standard library is used: this runs beside a token.
"""

import re
import sys
import unicodedata

_LIMIT = 64_000
"""Bytes; with what is put before it, less than a comment may have."""
_BREAK = "\u200b"
"""Has no width; what it stands in is no longer a name, a link or a tag."""
_BROKEN = ("@", "#", "<", "](", "][", "]:", "![", "://", "www.", "&", "~~~")
_ORIGIN = (
    "_Written by the code of this pull request, which comes from another repository, without a "
    "secret. Read the change itself before you believe it._"
)


def harmless(text: str) -> str:
    """Return ``text`` with its origin before it, cut where it is longer than a comment.

    What is cut is said, and an open block is closed.
    """
    kept = "".join(character for character in text if _is_visible(character))
    for mark in _BROKEN:
        if mark == "#":
            kept = "\n".join(_without_references(line) for line in kept.split("\n"))
        else:
            kept = kept.replace(mark, mark[0] + _BREAK + mark[1:])
    cut = kept.encode()[:_LIMIT].decode(errors="ignore")
    if cut != kept:
        whole_lines = cut.rpartition("\n")[0]
        cut = whole_lines + _ending(whole_lines)
    return f"{_ORIGIN}\n\n{cut.rstrip()}\n"


def _is_visible(character: str) -> bool:
    """Whether it is a line's end, a tab, or something that people see where it stands."""
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")


def _without_references(line: str) -> str:
    """Break ``#1`` but not the marks of a heading."""
    marks = len(line) - len(line.lstrip("#"))
    return line[:marks] + line[marks:].replace("#", f"#{_BREAK}")


def _ending(text: str) -> str:
    fence = _open_fence(text)
    closed = f"\n{'`' * fence}" if fence else ""
    return f"{closed}\n\nThe rest is cut."


def _open_fence(text: str) -> int:
    """Return how long the fence is that stands open at the end, 0 where none does."""
    fence = 0
    for line in text.split("\n"):
        found = re.match(r" {0,3}(`{3,})([^`]*)$", line)
        if not found:
            continue
        length, rest = len(found[1]), found[2].strip()
        if not fence:
            fence = length
        elif length >= fence and not rest:
            fence = 0
    return fence


def main() -> None:
    """Read and write."""
    given = sys.stdin.buffer.read().decode(errors="replace")
    sys.stdout.buffer.write(harmless(given).encode())


if __name__ == "__main__":
    main()
