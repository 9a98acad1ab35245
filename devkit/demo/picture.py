"""The live table as an SVG that needs nothing from elsewhere."""

import html
import io
import re

from rich.console import Console
from rich.table import Table

WIDTH = 100
"""Columns."""

ASPECT = 0.6
"""Width of a character by its height, in most fixed-width fonts."""

FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""What rich would have a viewer fetch: without it, the viewer's own fixed-width font serves."""

RUN = re.compile(r'x="([\d.]+)" (y="[\d.]+") textLength="([\d.]+)"([^>]*)>([^<]*)</text>')
"""Characters of one style in one line."""


def svg(drawn: Table, title: str) -> str:
    """Draw a table as a terminal of this title shows it."""
    console = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True)
    console.print(drawn)
    text = console.export_svg(title=title, unique_id="demo", font_aspect_ratio=ASPECT)
    text = RUN.sub(_without_blanks, FONT.sub("", text))
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _without_blanks(run: re.Match[str]) -> str:
    """Begin where the first character is: some viewers leave blanks at the beginning out."""
    x, y, length, rest, text = run.groups()
    whole = html.unescape(text)
    words = whole.strip()
    width = float(length) / len(whole) if whole else 0.0
    left = float(x) + width * (len(whole) - len(whole.lstrip()))
    place = f'x="{left:.1f}" {y} textLength="{width * len(words):.1f}"{rest}'
    return f"{place}>{html.escape(words, quote=False)}</text>"
