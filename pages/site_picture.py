"""The picture of one site: its workloads in their namespaces, and the flows between them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from pages.architecture import Architecture, Edge, Node, architecture
from pages.drawing import LINE, Canvas, Rectangle, text_width
from pages.layout import HEAD, PADDING, Layout, laid_out
from pages.ordering import Lane, stops
from pages.published_site import PublishedSite

_MARGIN, _TOP = 24, 56
_COLOURS = {"kafka": "a", "schema-registry": "b", "influxdb": "c", "kafka-connect": "d"}
_NAMES = {
    "a": "to Kafka",
    "b": "to a registry",
    "c": "to InfluxDB",
    "d": "to Connect",
    "e": "other",
}
_Side = tuple[str, str]
_Places = dict[tuple[Edge, str | Lane], float]


def site_picture(published: PublishedSite) -> str:
    """Return the picture as SVG."""
    shown = architecture(published.site, published.run)
    layout = laid_out(shown, _TOP, _MARGIN)
    canvas = Canvas(
        title=f"Architecture of {published.name}",
        about=(
            f"{len(shown.nodes)} boxes of workloads by namespace and {len(shown.edges)} arrows, "
            f"each from who dials to who is dialled. {' '.join(_told(shown))}"
        ),
    )
    canvas.text(_MARGIN, 32, f"{published.name}: who dials whom", "head")
    _frames(canvas, shown, layout)
    nodes = {node.key: node for node in shown.nodes}
    places = _places(shown, layout, nodes)
    for edge in shown.edges:
        _arrow(canvas, edge, layout, nodes, places)
    for node in shown.nodes:
        _box(canvas, node, layout.boxes[node.key])
    bottom = _legend(canvas, shown, layout)
    return canvas.svg(max(layout.width, _legend_width(shown)) + _MARGIN, bottom)


def _frames(canvas: Canvas, shown: Architecture, layout: Layout) -> None:
    spaces: dict[str, list[Rectangle]] = defaultdict(list)
    for node in shown.nodes:
        if node.namespace:
            spaces[node.namespace].append(layout.boxes[node.key])
    for name in sorted(spaces):
        boxes = spaces[name]
        x, y = min(b.x for b in boxes) - PADDING, min(b.y for b in boxes) - HEAD
        right = max(max(b.right for b in boxes) + PADDING, x + text_width(name, "frame") + 16)
        bottom = max(b.bottom for b in boxes) + PADDING
        canvas.box(Rectangle(x=x, y=y, width=right - x, height=bottom - y), "soft", radius=8)
        canvas.text(x + 8, y + 14, name, "frame")


def _box(canvas: Canvas, node: Node, place: Rectangle) -> None:
    canvas.box(place, "box" if node.namespace else "outside")
    text = LINE * (1 + len(node.lines))
    y = place.middle - text / 2 + 12
    canvas.text(place.x + PADDING, y, node.title, "title" if node.namespace else "small")
    for index, line in enumerate(node.lines, 1):
        canvas.text(place.x + PADDING, y + LINE * index, line)
    if node.measured:
        canvas.dot(place.right - 10, place.y + 11)


def _places(shown: Architecture, layout: Layout, nodes: Mapping[str, Node]) -> _Places:
    """Return at which height each arrow touches each box, in the order of its other ends."""
    sides: dict[_Side, list[tuple[float, Edge]]] = defaultdict(list)
    for edge in shown.edges:
        if nodes[edge.source].column == nodes[edge.target].column:
            continue
        way = stops(edge, nodes)
        ahead = nodes[edge.source].column < nodes[edge.target].column
        first, last = _middle(way[1], layout), _middle(way[-2], layout)
        sides[edge.source, "right" if ahead else "left"].append((first, edge))
        sides[edge.target, "left" if ahead else "right"].append((last, edge))
    places: _Places = {}
    for (key, _), touching in sides.items():
        box = layout.boxes[key]
        step = box.height / (len(touching) + 1)
        ordered = sorted(touching, key=lambda pair: (pair[0], pair[1].source, pair[1].target))
        for index, (_, edge) in enumerate(ordered, 1):
            places[edge, key] = box.y + step * index
    return places


def _middle(stop: str | Lane, layout: Layout) -> float:
    return (layout.lanes[stop] if isinstance(stop, Lane) else layout.boxes[stop]).middle


def _arrow(
    canvas: Canvas, edge: Edge, layout: Layout, nodes: Mapping[str, Node], places: _Places
) -> None:
    source, target = nodes[edge.source], nodes[edge.target]
    colour = _colour(target)
    why = f"{source.title} → {target.title}: {edge.why}"
    if source.column == target.column:
        _within(
            canvas, edge, layout, shown_between=_between(edge, layout, nodes), words=(colour, why)
        )
        return
    ahead = source.column < target.column
    points: list[tuple[float, float, float]] = []
    for stop in stops(edge, nodes):
        place = layout.lanes[stop] if isinstance(stop, Lane) else layout.boxes[stop]
        y = place.middle if isinstance(stop, Lane) else places[edge, stop]
        enter, leave = (place.x, place.right) if ahead else (place.right, place.x)
        points.append((enter, leave, y))
    path = [f"M {points[0][1]:.1f} {points[0][2]:.1f}"]
    for (_, x, y), (enter, leave, to) in pairwise(points):
        bend = (enter - x) / 2
        path.append(f"C {x + bend:.1f} {y:.1f} {enter - bend:.1f} {to:.1f} {enter:.1f} {to:.1f}")
        if (enter, leave, to) != points[-1]:
            path.append(f"L {leave:.1f} {to:.1f}")
    enter, _, y = points[-1]
    canvas.arrow(" ".join(path), (enter, y, 1 if ahead else -1, 0), colour, why)


def _between(edge: Edge, layout: Layout, nodes: Mapping[str, Node]) -> int:
    """Return how many boxes stand between the two of an arrow, in the same column."""
    one, other = layout.boxes[edge.source], layout.boxes[edge.target]
    first, last = sorted((one.y, other.y))
    column = nodes[edge.source].column
    return sum(
        node.column == column and first < layout.boxes[node.key].y < last for node in nodes.values()
    )


def _within(
    canvas: Canvas, edge: Edge, layout: Layout, shown_between: int, words: tuple[str, str]
) -> None:
    """Draw an arrow inside a column: straight to a neighbour, else around what is between."""
    one, other = layout.boxes[edge.source], layout.boxes[edge.target]
    down = one.y < other.y
    if not shown_between:
        x = min(one.x + one.width / 2, other.x + other.width / 2)
        y, to = (one.bottom, other.y) if down else (one.y, other.bottom)
        canvas.arrow(f"M {x:.1f} {y:.1f} L {x:.1f} {to:.1f}", (x, to, 0, 1 if down else -1), *words)
        return
    x = min(one.x, other.x) - PADDING - 8 * shown_between
    y, to = (one.y + 14, other.bottom - 14) if not down else (one.bottom - 14, other.y + 14)
    path = f"M {one.x:.1f} {y:.1f} C {x:.1f} {y:.1f} {x:.1f} {to:.1f} {other.x:.1f} {to:.1f}"
    canvas.arrow(path, (other.x, to, 1, 0), *words)


def _colour(target: Node) -> str:
    title = "schema-registry" if target.title.endswith("schema-registry") else target.title
    return _COLOURS.get(title, "e")


def _told(shown: Architecture) -> Iterator[str]:
    yield "● Telegraf asks it for metrics."
    for flow in shown.everywhere:
        yield f"{flow.name} is not drawn: {flow.why}."


def _legend_width(shown: Architecture) -> float:
    return _MARGIN + max(text_width(line) for line in _told(shown))


def _legend(canvas: Canvas, shown: Architecture, layout: Layout) -> float:
    y = layout.height + 30
    x: float = _MARGIN
    for colour, name in _NAMES.items():
        canvas.arrow(
            f"M {x:g} {y - 4:g} L {x + 26:g} {y - 4:g}", (x + 30, y - 4, 1, 0), colour, name
        )
        canvas.text(x + 38, y, name)
        x += 56 + text_width(name)
    for line in _told(shown):
        y += LINE + 2
        canvas.text(_MARGIN, y, line)
    return y + _MARGIN
