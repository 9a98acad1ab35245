"""In which order boxes and lanes stand in their columns, so that few arrows cross."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from pages.architecture import COLUMNS, Architecture, Edge, Node

_ROUNDS = 12


@dataclass(frozen=True)
class Lane:
    """The way of one arrow past one column."""

    edge: Edge
    column: int


Item = tuple[Node, ...] | Lane
"""What stands in a column: boxes of one namespace, or a lane."""


def _lanes(edge: Edge, nodes: Mapping[str, Node]) -> list[Lane]:
    ends = sorted((nodes[edge.source].column, nodes[edge.target].column))
    return [Lane(edge, column) for column in range(ends[0] + 1, ends[1])]


def _items(architecture: Architecture, lanes: Iterable[Lane], column: int) -> list[Item]:
    groups: dict[str, list[Node]] = {}
    for node in architecture.nodes:
        if node.column == column:
            groups.setdefault(node.namespace or node.key, []).append(node)
    inside = [tuple(_stacked(group, architecture.edges)) for group in groups.values()]
    return [*inside, *(lane for lane in lanes if lane.column == column)]


def _stacked(group: Sequence[Node], edges: Iterable[Edge]) -> list[Node]:
    """Return the boxes of a namespace with jobs beside what they dial."""
    targets = {edge.source: edge.target for edge in edges}
    keys = {node.key for node in group}
    dialled = {edge.target for edge in edges}
    jobs = [n for n in group if n.key not in dialled and targets.get(n.key) in keys]
    stacked = [node for node in group if node not in jobs]
    for job in jobs:
        place = next(i for i, node in enumerate(stacked) if node.key == targets[job.key])
        stacked.insert(place if place == 0 else place + 1, job)
    return stacked


def stops(edge: Edge, nodes: Mapping[str, Node]) -> list[str | Lane]:
    """Return what an arrow passes, from its beginning to its end."""
    first, last = nodes[edge.source].column, nodes[edge.target].column
    lanes = _lanes(edge, nodes)
    return [edge.source, *(lanes if first < last else reversed(lanes)), edge.target]


def neighbours(shown: Architecture) -> dict[str | Lane, list[str | Lane]]:
    """Return what each box and lane is connected with in the columns beside it."""
    beside: dict[str | Lane, list[str | Lane]] = {}
    for one, other in _steps(shown):
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    return beside


def _steps(shown: Architecture) -> Iterator[tuple[str | Lane, str | Lane]]:
    nodes = {node.key: node for node in shown.nodes}
    for edge in shown.edges:
        if nodes[edge.source].column != nodes[edge.target].column:
            yield from pairwise(stops(edge, nodes))


def keys(item: Item) -> list[str | Lane]:
    """Return the boxes of an item, or the lane that it is."""
    return [item] if isinstance(item, Lane) else [node.key for node in item]


def ordered(shown: Architecture) -> list[list[Item]]:
    """Return the columns, each from its top to its bottom."""
    nodes = {node.key: node for node in shown.nodes}
    lanes = [lane for edge in shown.edges for lane in _lanes(edge, nodes)]
    columns = [_items(shown, lanes, column) for column in range(COLUMNS)]
    column_of: dict[str | Lane, int] = {lane: lane.column for lane in lanes}
    column_of |= {key: node.column for key, node in nodes.items()}
    steps: list[list[tuple[str | Lane, str | Lane]]] = [[] for _ in columns]
    for one, other in _steps(shown):
        first, second = sorted((one, other), key=lambda key: column_of[key])
        steps[column_of[first]].append((first, second))
    for _ in range(_ROUNDS):
        before = [[*items] for items in columns]
        for column in (*range(COLUMNS), *reversed(range(COLUMNS))):
            _settle(columns, column, steps)
        if columns == before:
            break
    return columns


_Steps = Sequence[Sequence[tuple[str | Lane, str | Lane]]]


def _settle(columns: list[list[Item]], column: int, steps: _Steps) -> None:
    """Move each item of a column to where the fewest arrows cross."""
    items = columns[column]
    for item in [*items]:
        at = items.index(item)
        others = [one for one in items if one is not item]
        best = at, _crossings(columns, column, steps)
        for place in range(len(items)):
            items[:] = [*others[:place], item, *others[place:]]
            crossed = _crossings(columns, column, steps)
            if crossed < best[1]:
                best = place, crossed
        items[:] = [*others[: best[0]], item, *others[best[0] :]]


def _crossings(columns: Sequence[Sequence[Item]], column: int, steps: _Steps) -> int:
    height: dict[str | Lane, int] = {}
    for items in columns[max(column - 1, 0) : column + 2]:
        height |= {key: at for at, key in enumerate(key for item in items for key in keys(item))}
    return sum(
        (height[a] - height[c]) * (height[b] - height[d]) < 0
        for gap in ([steps[column - 1]] if column else []) + [steps[column]]
        for (a, b), (c, d) in combinations(gap, 2)
    )
