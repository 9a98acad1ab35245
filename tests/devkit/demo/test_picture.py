"""The picture of the live table."""

import re

from devkit.demo.picture import svg
from devkit.traffic.table import Line, table

DRAWN = svg(table([Line("MTMount.azimuth", 1234, 1234, 1230, 0.5)] * 2, "a < b"), "make demo")


def test_it_shows_the_figures_and_fetches_nothing() -> None:
    assert DRAWN.startswith("<svg")
    assert "1,234" in DRAWN
    assert "a\N{NO-BREAK SPACE}&lt;\N{NO-BREAK SPACE}b" in DRAWN
    assert "font-face" not in DRAWN
    addresses = {word for word in DRAWN.split('"') if word.startswith("http")}
    assert addresses == {"http://www.w3.org/2000/svg"}


def test_each_text_begins_where_its_first_character_is() -> None:
    runs = re.findall(r'textLength="([\d.]+)"[^>]*>([^<]*)</text>', DRAWN)
    assert runs
    for length, text in runs:
        shown = text.replace("&lt;", "<")
        assert shown.strip() == shown
        assert float(length) == round(12.0 * len(shown), 1)
