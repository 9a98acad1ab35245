"""An alert rule: a query, its shape in time, its numbers, and what a reader is told."""

import html
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from efd_infra.config.signal import Signal
from efd_infra.config.timeseries import DEFAULT_POLICY
from efd_infra.manifests.alerts.query import Query

PAGE = "docs/alerts.md"
"""Where each alert has a section of its name."""

EVERYTHING = "all"
"""A tag that no point has: by it, everything is one group."""

Var = tuple[str, Any]
"""A type of TICKscript and a value."""


class Shape(StrEnum):
    """How samples become the one value that is compared: a template each."""

    STATE = "state"
    LASTING = "lasting"
    GROWTH = "growth"
    MISSING = "missing"
    SILENT = "silent"
    FORECAST = "forecast"


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a reader is told."""

    title: str
    """What is wrong, in words that a message begins with."""
    about: str
    """What it is about: a text of Go's templates over ``.Tags`` and ``.Name``."""
    meaning: str
    """What it means for those who use the site."""
    remedy: str
    """What to do."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One task of Kapacitor."""

    signal: Signal
    words: Words
    shape: Shape
    query: Query
    period: int
    """Seconds that are looked at."""
    every: int
    """Seconds between two looks. They are not aligned, or all rules would ask at once, and
    InfluxDB answers a limited number of queries at a time."""
    groups: tuple[str, ...] = ()
    """Tags that tell apart what is watched."""
    times: dict[str, int] = field(default_factory=dict)
    """Further lengths of time in seconds, by the template's names for them."""
    texts: dict[str, str] = field(default_factory=dict)
    """Further texts, by the template's names for them."""
    instance: str = ""
    """What tells it from other rules of its signal."""

    @property
    def name(self) -> str:
        """The name of the task."""
        return f"{self.signal.name}-{self.instance}" if self.instance else self.signal.name

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that it reads."""
        return (*(tag for tag in self.groups if tag != EVERYTHING), *self.query.where)

    @property
    def measured(self) -> str:
        """The value as a message gives it, beside the numbers that it is compared with."""
        sign = "below" if self.signal.low else "above"
        numbers = ", ".join(
            f"{level} {sign} {number:g}"
            for level, number in (
                ("warning", self.signal.warning),
                ("critical", self.signal.critical),
            )
            if number is not None
        )
        return f'{{{{ index .Fields "value" | printf "%.1f" }}}} {self.signal.unit} ({numbers})'

    def message(self, site: str) -> str:
        """Return what is said: what, where, how much, since when, and where to read on."""
        return (
            f"{{{{ .Level }}}} {site} {self.words.title}: {self.words.about}: {self.measured}, "
            '{{ .Time.Format "2006-01-02 15:04 MST" }}, lasting {{ .Duration }}. '
            f"{PAGE}#{self.signal.name}"
        )

    @property
    def details(self) -> str:
        """The same as mail, with what it means and what to do."""
        parts = (
            html.escape(self.words.meaning, quote=False),
            html.escape(self.words.remedy, quote=False),
        )
        return "<p>{{ .Message }}</p>" + "".join(f"<p>{part}</p>" for part in parts)

    def variables(self, site: str, history: str) -> dict[str, Var]:
        """Return what the template asks for, by its names."""
        return {
            "select": ("string", self.query.text),
            "id": ("string", " ".join([self.name, *map(_identity, self._identified)])),
            "message": ("string", self.message(site)),
            "details": ("string", self.details),
            "warning": ("lambda", self._beyond(self.signal.warning)),
            "critical": ("lambda", self._beyond(self.signal.critical)),
            "rule": ("string", self.name),
            "history": ("string", history),
            "policy": ("string", DEFAULT_POLICY),
            "period": ("duration", f"{self.period}s"),
            "every": ("duration", f"{self.every}s"),
            **self._grouping,
            **{name: ("duration", f"{seconds}s") for name, seconds in self.times.items()},
            **{name: ("string", text) for name, text in self.texts.items()},
        }

    @property
    def _identified(self) -> tuple[str, ...]:
        """What tells one alert of the rule from another."""
        measurement = (".Name",) if self.shape is Shape.MISSING else ()
        return (*measurement, *(f'index .Tags "{tag}"' for tag in self.groups if tag != EVERYTHING))

    @property
    def _grouping(self) -> dict[str, Var]:
        if self.shape is Shape.STATE:
            return {"groups": ("list", [{"type": "string", "value": tag} for tag in self.groups])}
        if self.shape in {Shape.LASTING, Shape.GROWTH, Shape.FORECAST}:
            (tag,) = self.groups
            return {"tag": ("string", tag)}
        return {}

    def _beyond(self, number: float | None) -> str:
        """Return a condition: Kapacitor reads every number of an answer as a float."""
        if number is None:
            return "FALSE"
        return f'"value" {"<" if self.signal.low else ">"} {float(number):f}'


def _identity(template: str) -> str:
    return f"{{{{ {template} }}}}"
