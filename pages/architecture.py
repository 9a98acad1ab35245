"""The architecture of a site as boxes and arrows: its workloads, and the flows between them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from efd_infra.config import contract
from efd_infra.config.site import Site
from efd_infra.manifests.flow import Flow
from efd_infra.manifests.flows import site_flows
from efd_infra.manifests.metrics_flows import metrics_flows
from efd_infra.manifests.peers import Peer
from efd_infra.manifests.workloads import Workload, site_workloads
from rendering.recording import Run
from rendering.registration import Registration

EVERYWHERE = ("dns", "fetch-jmx-exporter", "fetch-plugins")
"""Flows of so many pods that a sentence says them better than arrows."""

_LEFT, _RIGHT = "left", "right"
_COLUMN = {
    contract.STREAMING_NAMESPACE: 1,
    contract.INFLUXDB.namespace: 4,
    contract.CHRONOGRAF.namespace: 5,
    contract.KAPACITOR.namespace: 5,
}
"""Where the two stores and what only reads InfluxDB stand; all else is between the stores."""
_BETWEEN, _CONNECT, _OUTSIDE_LEFT, _OUTSIDE_RIGHT = 3, 2, 0, 6
COLUMNS = 7


@dataclass(frozen=True)
class Node:
    """One box."""

    key: str
    """What tells it from all others."""
    namespace: str
    """Empty outside of the cluster's own namespaces."""
    column: int
    title: str
    lines: tuple[str, ...]
    measured: bool
    """Whether Telegraf asks it for metrics."""


@dataclass(frozen=True)
class Edge:
    """One arrow, from who dials to who is dialled."""

    source: str
    target: str
    flows: tuple[Flow, ...]

    @property
    def why(self) -> str:
        """Every flow of it, in words."""
        return "; ".join(
            f"{flow.name}, port {', '.join(map(str, flow.ports))}: {flow.why}"
            for flow in self.flows
        )


@dataclass(frozen=True)
class Architecture:
    """What one picture shows."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    everywhere: tuple[Flow, ...]
    """Flows that are told and not drawn."""


def architecture(site: Site, run: Run) -> Architecture:
    """Return the boxes and arrows of a site."""
    metrics = {flow.name for flow in metrics_flows(site)}
    flows = site_flows(site)
    drawn = [flow for flow in flows if flow.name not in metrics and flow.name not in EVERYWHERE]
    measured = {
        peer
        for flow in flows
        if flow.name in metrics
        for peer in flow.targets
        if isinstance(peer, Workload)
    }
    boxes = _boxes(site_workloads(site), drawn)
    box_of = {workload: key for key, members in boxes.items() for workload in members}
    edges: dict[tuple[str, str], list[Flow]] = {}
    notes: dict[str, list[str]] = {key: [] for key in boxes}
    outside: dict[str, str] = {}
    for flow, source, target in _pairs(drawn):
        ends = [box_of[peer] if isinstance(peer, Workload) else "" for peer in (source, target)]
        if source == target:
            _among(notes[ends[0]], flow)
            continue
        if all(ends):
            if ends[0] == ends[1]:
                continue
        elif ends[1] and (side := _side(boxes[ends[1]])) and not isinstance(source, Workload):
            ends[0] = f"{side} {source.title}"
            outside[ends[0]] = source.title
        else:
            _note(notes, ends, flow, source, target)
            continue
        between = edges.setdefault((ends[0], ends[1]), [])
        if flow not in between:
            between.append(flow)
    nodes = [
        _node(key, members, run, notes[key], measured=bool(measured & set(members)))
        for key, members in boxes.items()
    ]
    nodes += [_outside(key, title) for key, title in outside.items()]
    return Architecture(
        nodes=tuple(nodes),
        edges=tuple(Edge(*ends, tuple(between)) for ends, between in edges.items()),
        everywhere=tuple(flow for flow in flows if flow.name in EVERYWHERE),
    )


def _pairs(flows: Iterable[Flow]) -> Iterator[tuple[Flow, Peer, Peer]]:
    for flow in flows:
        for source in flow.sources:
            for target in flow.targets:
                yield flow, source, target


def _boxes(workloads: Iterable[Workload], flows: Iterable[Flow]) -> dict[str, tuple[Workload, ...]]:
    """Return workloads by box: those of one software, or of one purpose, share one."""
    pairs = [(source, target) for _, source, target in _pairs(flows)]
    boxes: dict[str, list[Workload]] = {}
    for workload in workloads:
        dialled = {target for source, target in pairs if source == workload} - {workload}
        dialling = {source for source, target in pairs if target == workload} - {workload}
        jobs = not dialling and len(dialled) == 1 and workload.namespace in _COLUMN
        alone = workload.identity.name == "schema-registry"
        named = workload.identity.instance if alone else workload.identity.name
        what = f"> {next(iter(dialled))}" if jobs else named
        boxes.setdefault(f"{workload.namespace} {what}", []).append(workload)
    return {_key(members): tuple(members) for members in boxes.values()}


def _key(members: Iterable[Workload]) -> str:
    first = next(iter(members))
    return f"{first.namespace}/{first.identity.instance}"


def _side(members: tuple[Workload, ...]) -> str:
    """Return on which side of the picture a box can be reached from outside; empty: on neither."""
    column = _column(members[0])
    return {1: _LEFT, 4: _RIGHT, 5: _RIGHT}.get(column, "")


def _column(workload: Workload) -> int:
    if workload.identity.name == "kafka-connect":
        return _CONNECT
    return _COLUMN.get(workload.namespace, _BETWEEN)


def _among(notes: list[str], flow: Flow) -> None:
    """Tell that pods of one workload dial each other."""
    note = f"each other, {', '.join(map(str, flow.ports))}"
    if note not in notes:
        notes.append(note)


def _note(
    notes: dict[str, list[str]], ends: list[str], flow: Flow, source: Peer, target: Peer
) -> None:
    """Tell a connection with the outside in the box of whoever has it."""
    ports = ", ".join(map(str, flow.ports))
    for end, peer, sign in ((ends[0], target, "dials"), (ends[1], source, "dialled by")):
        if end and not isinstance(peer, Workload):
            note = f"{sign} {peer.title}, {ports}"
            if note not in notes[end]:
                notes[end].append(note)


def _node(
    key: str, members: tuple[Workload, ...], run: Run, notes: list[str], *, measured: bool
) -> Node:
    names = list(dict.fromkeys(member.identity.name for member in members))
    only = members[0].identity if len(members) == 1 else None
    title = "jobs" if len(names) > 1 else names[0]
    if only and only.name == "schema-registry":
        title = only.instance
    named = only is None or only.instance not in {title, "connect"}
    lines = [_line(member, run, named=named) for member in members]
    return Node(
        key=key,
        namespace=members[0].namespace,
        column=_column(members[0]),
        title=title,
        lines=(*lines, *notes),
        measured=measured,
    )


def _line(workload: Workload, run: Run, *, named: bool) -> str:
    """Return what a workload is, with its name where the box has another."""
    kinds = ", ".join(dict.fromkeys(_kind(made) for made in _registered(workload, run)))
    return f"{workload.identity.instance}: {kinds}" if named else kinds


def _registered(workload: Workload, run: Run) -> Iterator[Registration]:
    selector = workload.identity.selector.items()
    for made in run.workloads:
        if made.namespace == workload.namespace and selector <= made.pod_labels.items():
            yield made


def _kind(made: Registration) -> str:
    replicas = made.spec.get("replicas", 1)
    return f"{made.kind}, {replicas} pods" if replicas > 1 else made.kind


def _outside(key: str, title: str) -> Node:
    column = _OUTSIDE_LEFT if key.startswith(_LEFT) else _OUTSIDE_RIGHT
    return Node(key=key, namespace="", column=column, title=title, lines=(), measured=False)
