"""The picture of all sites: who writes to each, which mirrors which, and who reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from efd_infra.config.site import Site
from pages.drawing import LINE, Canvas, Rectangle, text_width
from pages.published_site import PublishedSite

_MARGIN, _TOP = 24, 60
_ROW, _GAP, _TRUNK, _PADDING = 34, 90, 30, 10


@dataclass(frozen=True)
class _Row:
    """One site, or the source of one that this repository does not have."""

    name: str
    depth: int
    """How many mirrors lie between it and those who write."""
    site: Site | None
    source: str | None
    """Which row it mirrors."""


@dataclass(frozen=True)
class _Words:
    title: str
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        lines = (text_width(line) for line in self.lines)
        return max(text_width(self.title, "title"), *lines, 0.0) + 2 * _PADDING

    @property
    def height(self) -> float:
        return LINE * (1 + len(self.lines)) + 12


def topology_picture(sites: Sequence[PublishedSite]) -> str:
    """Return the picture as SVG."""
    rows = [*_rows([published.site for published in sites])]
    words = {row.name: _site_words(row) for row in rows}
    labels = {row.name: _label(row) for row in rows}
    writers = {row.name: _writers(row) for row in rows}
    readers = {row.name: _readers(row) for row in rows}
    left = max((w.width for w in writers.values() if w), default=0.0)
    width = max(w.width for w in words.values())
    gap = max(_GAP, *(text_width(label) + 2 * _TRUNK + 20 - width for label in labels.values()))
    first = _MARGIN + left + _GAP
    beyond = first + max(row.depth for row in rows) * (width + gap) + width + _GAP
    canvas = Canvas(title="Sites of the EFD", about=" ".join(_told(rows)))
    canvas.text(_MARGIN, 32, "Where records flow", "head")
    boxes: dict[str, Rectangle] = {}
    y: float = _TOP
    for row in rows:
        sides = [w.height for w in (writers[row.name], readers[row.name]) if w]
        height = max(words[row.name].height, *sides, 0)
        x = first + row.depth * (width + gap)
        boxes[row.name] = Rectangle(x=x, y=y, width=width, height=height)
        _boxed(canvas, boxes[row.name], words[row.name], "box" if row.site else "outside")
        middle = boxes[row.name].middle
        if found := writers[row.name]:
            place = Rectangle(x=_MARGIN, y=y, width=left, height=height)
            _boxed(canvas, place, found, "outside")
            _line(canvas, place.right, (x, middle), "a", f"{row.name}: who writes")
        if found := readers[row.name]:
            place = Rectangle(x=beyond, y=y, width=found.width, height=height)
            _boxed(canvas, place, found, "outside")
            _line(canvas, x + width, (beyond, middle), "c", f"{row.name}: who reads")
        if row.source:
            _mirror(canvas, boxes[row.source], boxes[row.name], labels[row.name])
        y += height + _ROW
    right = max([w.width for w in readers.values() if w], default=0.0)
    return canvas.svg(beyond + right + _MARGIN, y - _ROW + _MARGIN)


def _rows(sites: Sequence[Site]) -> Iterator[_Row]:
    """Yield sources before what mirrors them, each followed by its mirrors."""
    names = {site.name for site in sites}
    unknown = {s.replication.source for s in sites if s.replication} - names
    for name in sorted(unknown):
        yield _Row(name, 0, None, None)
        yield from _mirrors(sites, name, 1)
    for site in sites:
        if site.replication is None:
            yield _Row(site.name, 0, site, None)
            yield from _mirrors(sites, site.name, 1)


def _mirrors(sites: Sequence[Site], source: str, depth: int) -> Iterator[_Row]:
    for site in sites:
        if site.replication and site.replication.source == source:
            yield _Row(site.name, depth, site, source)
            yield from _mirrors(sites, site.name, depth + 1)


def _site_words(row: _Row) -> _Words:
    if row.site is None:
        return _Words(row.name, ("a site of another repository",))
    kafka, influxdb = row.site.streaming.kafka, row.site.timeseries.influxdb
    lines = [f"Kafka: {kafka.brokers} brokers, keep {kafka.retention}"]
    for database in influxdb.databases:
        if database.name in row.site.streaming.record_databases:
            kept = ", ".join(f"{policy.name} {policy.keep}" for policy in database.retention)
            lines.append(f"InfluxDB {database.name}: {kept}")
    if row.site.backup:
        lines.append(f"backup each {row.site.backup.every}")
    return _Words(row.name, tuple(lines))


def _writers(row: _Row) -> _Words | None:
    if row.site is None or row.source:
        return None
    outside = [user.name for user in row.site.streaming.kafka.users if user.produces]
    clients = row.site.cluster.clients
    where = f"namespaces {', '.join(clients)}" if clients else "any namespace"
    lines = [f"from outside as {', '.join(outside)}"] if outside else []
    return _Words("SAL producers", (*lines, f"in the cluster: {where}"))


def _readers(row: _Row) -> _Words | None:
    if row.site is None:
        return None
    site = row.site
    lines = [f'EfdClient("{site.alias}")'] if site.alias else []
    if site.timeseries.chronograf:
        lines.append("Chronograf")
    lines += [f"{u.name}, of Kafka" for u in site.streaming.kafka.users if u.consumes]
    return _Words("Readers", tuple(lines)) if lines else None


def _label(row: _Row) -> str:
    link = row.site.replication if row.site else None
    return f"mirrors {', '.join(link.topics)}" if link and row.source else ""


def _boxed(canvas: Canvas, place: Rectangle, words: _Words, style: str) -> None:
    canvas.box(place, style)
    y = place.middle - words.height / 2 + 18
    canvas.text(place.x + _PADDING, y, words.title, "title")
    for index, line in enumerate(words.lines, 1):
        canvas.text(place.x + _PADDING, y + LINE * index, line)


def _line(canvas: Canvas, begin: float, tip: tuple[float, float], colour: str, why: str) -> None:
    x, y = tip
    canvas.arrow(f"M {begin:.1f} {y:.1f} L {x:.1f} {y:.1f}", (x, y, 1, 0), colour, why)


def _mirror(canvas: Canvas, source: Rectangle, target: Rectangle, label: str) -> None:
    x = source.x + _TRUNK
    y = target.middle
    path = f"M {x:.1f} {source.bottom:.1f} L {x:.1f} {y:.1f} L {target.x:.1f} {y:.1f}"
    canvas.arrow(path, (target.x, y, 1, 0), "b", label)
    canvas.text(x + 12, y - 7, label)


def _told(rows: Sequence[_Row]) -> Iterator[str]:
    for row in rows:
        if row.source:
            yield f"{row.name} mirrors {row.source}."
        else:
            yield f"{row.name} mirrors no site."
