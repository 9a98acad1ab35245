"""Pictures are legible: words do not overlap, arrows end at boxes, and nothing is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from efd_infra.manifests.flows import site_flows
from efd_infra.manifests.metrics_flows import metrics_flows
from pages.architecture import EVERYWHERE, architecture
from pages.catalogue import EXAMPLES
from pages.drawing import text_width
from pages.published_site import PublishedSite, published_sites
from pages.site_picture import site_picture
from pages.topology_picture import topology_picture
from rendering.engine import ROOT

SITES = [*published_sites(ROOT, ROOT), *published_sites(ROOT / EXAMPLES, ROOT)]
SVG = "{http://www.w3.org/2000/svg}"
PICTURES = {site.name: site_picture(site) for site in SITES}
PICTURES["topology"] = topology_picture(published_sites(ROOT, ROOT))
EACH = pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES.keys())


@dataclass(frozen=True)
class Area:
    """What a word or a box covers."""

    x: float
    y: float
    right: float
    bottom: float
    what: str

    def overlaps(self, other: "Area") -> bool:
        """Tell whether the two have a point in common."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: "Area") -> bool:
        """Tell whether the other lies within this one."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom


def _number(element: ET.Element, name: str) -> float:
    return float(element.attrib[name])


def words(root: ET.Element) -> list[Area]:
    """Return what each word covers."""
    return [
        Area(
            x=_number(text, "x"),
            y=_number(text, "y") - 10,
            right=_number(text, "x") + text_width(text.text or "", text.attrib["class"]),
            bottom=_number(text, "y") + 2,
            what=text.text or "",
        )
        for text in root.iter(f"{SVG}text")
    ]


def boxes(root: ET.Element, *classes: str) -> list[Area]:
    """Return what each box of some classes covers."""
    return [
        Area(
            x=(x := _number(box, "x")),
            y=(y := _number(box, "y")),
            right=x + _number(box, "width"),
            bottom=y + _number(box, "height"),
            what=box.attrib["class"],
        )
        for box in root.iter(f"{SVG}rect")
        if box.attrib["class"] in classes
    ]


@EACH
def test_no_two_words_overlap(picture: str) -> None:
    pairs = combinations(words(ET.fromstring(picture)), 2)  # noqa: S314 -- drawn here
    assert [(a.what, b.what) for a, b in pairs if a.overlaps(b)] == []


@EACH
def test_no_two_boxes_overlap_and_words_stay_within_theirs(picture: str) -> None:
    root = ET.fromstring(picture)  # noqa: S314 -- drawn here
    drawn = boxes(root, "box", "outside")
    assert drawn
    assert [pair for pair in combinations(drawn, 2) if pair[0].overlaps(pair[1])] == []
    torn = [
        word.what
        for word in words(root)
        for box in drawn
        if word.overlaps(box) and not box.holds(word)
    ]
    assert torn == []


@EACH
def test_everything_is_on_the_page(picture: str) -> None:
    root = ET.fromstring(picture)  # noqa: S314 -- drawn here
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    page = Area(0, 0, width, height, "page")
    drawn = [*words(root), *boxes(root, "box", "outside", "soft")]
    assert [area.what for area in drawn if not page.holds(area)] == []


def _ends(root: ET.Element) -> Iterator[tuple[str, tuple[float, float]]]:
    for group in root.iter(f"{SVG}g"):
        title, path = group.find(f"{SVG}title"), group.find(f"{SVG}path")
        assert title is not None
        assert path is not None
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.attrib["d"])]
        if "→" in (title.text or ""):
            yield title.text or "", (numbers[0], numbers[1])
            yield title.text or "", (numbers[-2], numbers[-1])


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_an_arrow_begins_and_ends_at_a_box(site: PublishedSite) -> None:
    root = ET.fromstring(PICTURES[site.name])  # noqa: S314 -- drawn here
    drawn = boxes(root, "box", "outside")
    ends = [*_ends(root)]
    assert len(ends) == 2 * len(architecture(site.site, site.run).edges)
    for what, (x, y) in ends:
        near = Area(x - 0.2, y - 0.2, x + 0.2, y + 0.2, what)
        assert any(near.overlaps(box) for box in drawn), what


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_every_flow_is_drawn_or_told(site: PublishedSite) -> None:
    shown = architecture(site.site, site.run)
    drawn = {flow.name for edge in shown.edges for flow in edge.flows}
    told = " ".join(line for node in shown.nodes for line in node.lines)
    metrics = {flow.name for flow in metrics_flows(site.site)}
    for flow in site_flows(site.site):
        if flow.name in drawn | metrics:
            continue
        if flow.name in EVERYWHERE:
            assert f"{flow.name} is not drawn" in PICTURES[site.name]
        else:
            assert ", ".join(map(str, flow.ports)) in told, flow.name


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_a_box_says_how_many_pods_there_are(site: PublishedSite) -> None:
    lines = {line for node in architecture(site.site, site.run).nodes for line in node.lines}
    brokers = site.site.streaming.kafka.brokers
    assert (f"StatefulSet, {brokers} pods" if brokers > 1 else "StatefulSet") in lines


@EACH
def test_who_cannot_see_it_is_told_what_it_shows(picture: str) -> None:
    root = ET.fromstring(picture)  # noqa: S314 -- drawn here
    assert root.attrib["role"] == "img"
    for part in ("title", "desc"):
        found = root.find(f"{SVG}{part}")
        assert found is not None
        assert found.text
        assert found.attrib["id"] in root.attrib["aria-labelledby"].split()


@EACH
def test_every_colour_has_one_for_dark_pages(picture: str) -> None:
    light, _, dark = picture.partition("@media (prefers-color-scheme: dark)")
    for name in set(re.findall(r'class="(?:line )?([\w-]+)"', dark)) - {"title", "small", "head"}:
        assert re.search(rf"\.{name}\b", light.partition("<style>")[2]), name
        assert re.search(rf"\.{name}\b", dark.partition("</style>")[0]), name


def test_a_mirror_is_an_arrow_from_its_source() -> None:
    root = ET.fromstring(PICTURES["topology"])  # noqa: S314 -- drawn here
    titles = [title.text or "" for title in root.iter(f"{SVG}title")]
    mirrors = [site for site in published_sites(ROOT, ROOT) if site.site.replication]
    assert len([title for title in titles if title.startswith("mirrors ")]) == len(mirrors)
