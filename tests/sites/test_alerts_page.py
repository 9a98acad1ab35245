"""The page of alerts says what the rules say."""

import pytest

from efd_infra.config.parsing import parse_site
from efd_infra.config.signals import SIGNALS
from efd_infra.manifests.alerts.rule import Rule, Shape
from efd_infra.manifests.alerts.rules import every_rule
from rendering.engine import ROOT
from tests.support.full_site import without
from tests.support.site_case import FULL

PAGE = ROOT / "docs" / "alerts.md"
MARK = "<!-- alerts -->\n"

_HOW = {
    Shape.STATE: "over the last {period}, looked at every {every}",
    Shape.LASTING: "for {period} without a break, looked at every {every}",
    Shape.GROWTH: "counted over the last {period}, looked at every {every}",
    Shape.MISSING: "over {window}, after it was there within {period}",
    Shape.SILENT: "over {window}, after it was there within {period}",
    Shape.FORECAST: "foretold from the last {period}, looked at every {every}",
}


def page() -> str:
    """Return a section for each alert."""
    plain = parse_site(without(FULL.data, "monitoring.interval", "timeseries.kapacitor.thresholds"))
    rules = {rule.signal.name: rule for rule in reversed([*every_rule(plain)])}
    return "".join(_section(rules[signal.name]) for signal in SIGNALS)


def _section(rule: Rule) -> str:
    signal, words = rule.signal, rule.words
    sign = "below" if signal.low else "above"
    levels = [
        f"{level} {sign} {number:g} {signal.unit}"
        for level, number in (("warning", signal.warning), ("critical", signal.critical))
        if number is not None
    ]
    times = {"period": rule.period, "every": rule.every, **rule.times}
    how = _HOW[rule.shape].format(**{name: _length(seconds) for name, seconds in times.items()})
    return (
        f"\n## {signal.name}\n\n"
        f"**{words.title[0].upper()}{words.title[1:]}**: {', '.join(levels)}; {how}.\n"
        f"Why these numbers: {signal.source}.\n\n"
        f"{words.meaning}\n\n"
        f"*What to do.* {words.remedy}\n"
    )


def _length(seconds: int) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds % size == 0 and seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def test_the_page_has_a_section_for_every_alert(request: pytest.FixtureRequest) -> None:
    text, _, listed = PAGE.read_text(encoding="utf-8").partition(MARK)
    now = page()
    if request.config.getoption("--update-golden"):
        PAGE.write_text(f"{text}{MARK}{now}", encoding="utf-8")
        listed = now
    assert listed == now, "if the change is meant, run pytest with --update-golden"
