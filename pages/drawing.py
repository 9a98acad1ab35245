"""A small canvas for SVG: boxes, words and arrows that are legible on light and dark pages."""

from dataclasses import dataclass, field
from html import escape

LINE = 16
"""Height of a line of text."""
_EM = {"title": 13.0, "small": 11.0, "frame": 11.0, "head": 18.0}
_WIDE = 0.6
"""Width of a character by its size, at most, on average, in the fonts that are asked for."""

_STYLE = """
  .page { fill: #ffffff }
  .box { fill: #f4f6f9; stroke: #55606e; stroke-width: 1 }
  .soft { fill: none; stroke: #8a95a3; stroke-width: 1; stroke-dasharray: 5 4 }
  .outside { fill: #fff8e6; stroke: #9a7b25; stroke-width: 1 }
  text { font-family: Verdana, "DejaVu Sans", Helvetica, Arial, sans-serif; fill: #1b2530 }
  .title { font-size: 13px; font-weight: bold }
  .small { font-size: 11px }
  .frame { font-size: 11px; fill: #55606e }
  .head { font-size: 18px; font-weight: bold }
  .line { fill: none; stroke-width: 1.5 }
  .a { stroke: #2f6fb3 } .a-tip { fill: #2f6fb3 }
  .b { stroke: #2c8a57 } .b-tip { fill: #2c8a57 }
  .c { stroke: #c1701c } .c-tip { fill: #c1701c }
  .d { stroke: #8552a8 } .d-tip { fill: #8552a8 }
  .e { stroke: #6b7684 } .e-tip { fill: #6b7684 }
  .mark { fill: #c1701c }
  @media (prefers-color-scheme: dark) {
    .page { fill: #11161c }
    .box { fill: #1e2731; stroke: #93a1b1 }
    .soft { stroke: #71808f }
    .outside { fill: #2e2815; stroke: #cdae5b }
    text { fill: #e6ebf0 }
    .frame { fill: #a9b5c2 }
    .a { stroke: #6ea8e6 } .a-tip { fill: #6ea8e6 }
    .b { stroke: #62c48d } .b-tip { fill: #62c48d }
    .c { stroke: #eda55c } .c-tip { fill: #eda55c }
    .d { stroke: #c095e0 } .d-tip { fill: #c095e0 }
    .e { stroke: #a3afbc } .e-tip { fill: #a3afbc }
    .mark { fill: #eda55c }
  }
"""


@dataclass(frozen=True, kw_only=True)
class Rectangle:
    """A place on the canvas, in pixels from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half-way down."""
        return self.y + self.height / 2


def text_width(text: str, style: str = "small") -> float:
    """Return how wide a text is at most."""
    bold = 1.12 if style in {"title", "head"} else 1.0
    return len(text) * _EM[style] * _WIDE * bold


@dataclass
class Canvas:
    """What is drawn so far, in the order in which it covers what was before."""

    title: str
    """What the picture is, in a few words."""
    about: str
    """What it shows, for whoever cannot see it."""
    _parts: list[str] = field(default_factory=list)

    def box(self, place: Rectangle, style: str = "box", radius: int = 5) -> None:
        """Draw a box."""
        self._parts.append(
            f'<rect class="{style}" x="{place.x:g}" y="{place.y:g}" '
            f'width="{place.width:g}" height="{place.height:g}" rx="{radius}"/>'
        )

    def text(self, x: float, y: float, words: str, style: str = "small") -> None:
        """Write words, whose line begins at ``x`` and stands on ``y``."""
        self._parts.append(f'<text class="{style}" x="{x:g}" y="{y:g}">{escape(words)}</text>')

    def dot(self, x: float, y: float) -> None:
        """Draw a mark."""
        self._parts.append(f'<circle class="mark" cx="{x:g}" cy="{y:g}" r="4"/>')

    def arrow(self, path: str, tip: tuple[float, float, int, int], colour: str, why: str) -> None:
        """Draw a path with a tip at its end; ``tip`` is where, and the direction it points to."""
        x, y, across, down = tip
        wing, length = 4, 8
        corners = [
            (x, y),
            (x - across * length - down * wing, y - down * length - across * wing),
            (x - across * length + down * wing, y - down * length + across * wing),
        ]
        points = " ".join(f"{a:g},{b:g}" for a, b in corners)
        self._parts.append(
            f'<g><title>{escape(why)}</title><path class="line {colour}" d="{path}"/>'
            f'<polygon class="{colour}-tip" points="{points}"/></g>'
        )

    def svg(self, width: float, height: float) -> str:
        """Return the picture."""
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"',
                f'width="{width:g}" height="{height:g}" role="img" aria-labelledby="title desc">',
                f'<title id="title">{escape(self.title)}</title>',
                f'<desc id="desc">{escape(self.about)}</desc>',
                f"<style>{_STYLE}</style>",
                f'<rect class="page" width="{width:g}" height="{height:g}"/>',
                *self._parts,
                "</svg>\n",
            ]
        )
