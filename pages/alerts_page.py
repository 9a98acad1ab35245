"""The catalogue of alerts: when each is raised, what it means, and what to do."""

from collections.abc import Iterable
from pathlib import Path

from efd_infra.config.signals import SIGNALS
from efd_infra.config.site import Site
from efd_infra.manifests.alerts.rule import Rule, Shape
from efd_infra.manifests.alerts.rules import every_rule
from pages.markdown import GENERATED_NOTE

_HEAD = Path(__file__).with_name("alerts_head.md")
_UNITS = (("d", 86_400), ("h", 3600), ("min", 60))
_HOW = {
    Shape.STATE: "over the last {period}, looked at every {every}",
    Shape.LASTING: "for {period} without a break, looked at every {every}",
    Shape.GROWTH: "counted over the last {period}, looked at every {every}",
    Shape.MISSING: "over {window}, after it was there within {period}",
    Shape.SILENT: "over {window}, after it was there within {period}",
    Shape.FORECAST: "foretold from the last {period}, looked at every {every}",
}


def alerts_page(everything: Site) -> str:
    """Return the page, with a section for each alert of a site that has everything."""
    rules = rules_by_signal(every_rule(everything))
    sections = "".join(_section(rules[signal.name]) for signal in SIGNALS)
    return f"{GENERATED_NOTE}{_HEAD.read_text(encoding='utf-8')}{sections}"


def rules_by_signal(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Return the first rule of each signal."""
    return {rule.signal.name: rule for rule in reversed([*rules])}


def levels(rule: Rule) -> str:
    """Return the numbers of a rule, in words."""
    signal = rule.signal
    sign = "below" if signal.low else "above"
    return ", ".join(
        f"{level} {sign} {number:g} {signal.unit}"
        for level, number in (("warning", signal.warning), ("critical", signal.critical))
        if number is not None
    )


def _section(rule: Rule) -> str:
    signal, words = rule.signal, rule.words
    times = {"period": rule.period, "every": rule.every, **rule.times}
    how = _HOW[rule.shape].format(**{name: _length(seconds) for name, seconds in times.items()})
    return (
        f"\n## {signal.name}\n\n"
        f"**{words.title[0].upper()}{words.title[1:]}**: {levels(rule)}; {how}.\n"
        f"Why these numbers: {signal.source}.\n\n"
        f"{words.meaning}\n\n"
        f"*What to do.* {words.remedy}\n\n"
        f"*Step by step.* [Runbook](runbooks/alerts.md#{signal.name})\n"
    )


def _length(seconds: int) -> str:
    for unit, size in _UNITS:
        if seconds % size == 0 and seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
