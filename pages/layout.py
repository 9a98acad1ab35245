"""Where the boxes of an architecture stand, and how its arrows lead around them.

Boxes stand in columns, those of one namespace below each other. An arrow that passes a column gets
a lane of its own there, so that none leads through a box.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pages.architecture import Architecture, Node
from pages.drawing import LINE, Rectangle, text_width
from pages.ordering import Item, Lane, keys, neighbours, ordered, stops

PADDING = 10
HEAD = 20
"""Room above the boxes of a namespace for its name."""
_GAP = 88
"""Between columns, for arrows to change their height in."""
_APART, _BETWEEN_BOXES, _LANE = 26, 30, 14
_PORT = 13
"""Least distance of two arrows at one side of a box."""
_ROUNDS = 24


@dataclass(frozen=True)
class Layout:
    """Where everything is."""

    boxes: Mapping[str, Rectangle]
    """By the key of a node."""
    lanes: Mapping[Lane, Rectangle]
    width: float
    height: float


def laid_out(architecture: Architecture, top: float, left: float) -> Layout:
    """Place an architecture, its upper left corner at ``left`` and ``top``."""
    columns = ordered(architecture)
    lanes = [item for items in columns for item in items if isinstance(item, Lane)]
    sizes = {node.key: _size(node, architecture) for node in architecture.nodes}
    widths = [
        max(
            (sizes[n.key][0] for item in items if not isinstance(item, Lane) for n in item),
            default=0,
        )
        for items in columns
    ]
    height = max(_height(items, sizes) for items in columns)
    x, lefts = left, []
    for width in widths:
        lefts.append(x + PADDING)
        x += width + 2 * PADDING + _GAP if width else 0
    best = min(
        _relaxed(columns, sizes, architecture, height),
        key=lambda tops: _length(tops, architecture),
    )
    above = min(at - (0 if isinstance(key, Lane) else HEAD) for key, at in best.items())
    places = {key: top + at - above for key, at in best.items()}
    return Layout(
        boxes={
            node.key: Rectangle(
                x=lefts[node.column],
                y=places[node.key],
                width=sizes[node.key][0],
                height=sizes[node.key][1],
            )
            for node in architecture.nodes
        },
        lanes={
            lane: Rectangle(
                x=lefts[lane.column], y=places[lane], width=widths[lane.column], height=_LANE
            )
            for lane in lanes
        },
        width=x - _GAP + PADDING,
        height=max(
            places[key] + (_LANE if isinstance(key, Lane) else sizes[key][1]) for key in places
        ),
    )


def _size(node: Node, architecture: Architecture) -> tuple[float, float]:
    title = text_width(node.title, "title") + 22 if node.namespace else text_width(node.title)
    width = max(title, *(text_width(line) for line in node.lines), 60)
    ends = [edge for edge in architecture.edges if node.key in (edge.source, edge.target)]
    text = LINE * (1 + len(node.lines)) + 10
    return width + 2 * PADDING, max(text, _PORT * (len(ends) + 1) * 0.75)


_Sizes = Mapping[str, tuple[float, float]]
_Tops = dict[str | Lane, float]


def _tall(item: Item, sizes: _Sizes) -> float:
    if isinstance(item, Lane):
        return _LANE
    inside = sum(sizes[node.key][1] for node in item) + _BETWEEN_BOXES * (len(item) - 1)
    return inside + HEAD + PADDING


def _space(upper: Item, lower: Item) -> float:
    return 4 if isinstance(upper, Lane) and isinstance(lower, Lane) else _APART


def _height(items: Sequence[Item], sizes: _Sizes) -> float:
    spaces = sum(_space(upper, lower) for upper, lower in pairwise(items))
    # Lanes may come between any two.
    return sum(_tall(item, sizes) for item in items) + spaces + _APART * 2


def _relaxed(
    columns: Sequence[Sequence[Item]], sizes: _Sizes, shown: Architecture, height: float
) -> Iterable[_Tops]:
    """Yield places of everything, each time moved towards what it is connected with."""
    wanted: dict[Item, float] = {}
    beside = neighbours(shown)
    for _ in range(_ROUNDS):
        tops: _Tops = {}
        for items in columns:
            for item, top in zip(items, _placed(items, sizes, wanted, height), strict=True):
                tops |= _inside(item, top, sizes)
        yield tops
        middle = {key: top + _middle(key, sizes) for key, top in tops.items()}
        for item in (item for items in columns for item in items):
            near = [
                middle[other] - middle[key] + _center(item, tops, sizes)
                for key in keys(item)
                for other in beside.get(key, ())
            ]
            if near:
                wanted[item] = sum(near) / len(near)


def _placed(
    items: Sequence[Item], sizes: _Sizes, wanted: Mapping[Item, float], height: float
) -> list[float]:
    tops: list[float] = []
    for index, item in enumerate(items):
        top = wanted.get(item, height / 2) - _tall(item, sizes) / 2
        least = 0.0
        if index:
            before = items[index - 1]
            least = tops[-1] + _tall(before, sizes) + _space(before, item)
        tops.append(max(top, least))
    most = height
    for index in range(len(items) - 1, -1, -1):
        item = items[index]
        tops[index] = min(tops[index], most - _tall(item, sizes))
        if index:
            most = tops[index] - _space(items[index - 1], item)
    return tops


def _inside(item: Item, top: float, sizes: _Sizes) -> _Tops:
    if isinstance(item, Lane):
        return {item: top}
    tops: _Tops = {}
    y = top + HEAD
    for node in item:
        tops[node.key] = y
        y += sizes[node.key][1] + _BETWEEN_BOXES
    return tops


def _middle(key: str | Lane, sizes: _Sizes) -> float:
    return (_LANE if isinstance(key, Lane) else sizes[key][1]) / 2


def _center(item: Item, tops: _Tops, sizes: _Sizes) -> float:
    top = tops[item] if isinstance(item, Lane) else tops[item[0].key] - HEAD
    return top + _tall(item, sizes) / 2


def _length(tops: _Tops, shown: Architecture) -> float:
    nodes = {node.key: node for node in shown.nodes}
    return sum(
        abs(tops[one] - tops[other])
        for edge in shown.edges
        for one, other in pairwise(stops(edge, nodes))
    )
