"""What to do about each alert, step by step: the words, and the page that is made of them.

The words are YAML, a file for each family of alerts, because people write and read them as text.
"""

import shlex
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from efd_infra.config.signals import SIGNALS
from efd_infra.config.site import Site
from efd_infra.manifests.alerts.rule import Rule
from efd_infra.manifests.alerts.rules import every_rule
from pages.alerts_page import levels, rules_by_signal
from pages.markdown import GENERATED_NOTE

_FOLDER = Path(__file__).parent


class Runbook(BaseModel):
    """What to do about one alert."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    look: str = Field(min_length=1)
    """What to look at first: commands, each on a line, and comments."""
    mend: str = Field(min_length=1)
    """How to mend it."""
    wake: str = Field(min_length=1)
    """When to wake whom."""

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands of ``look``."""
        lines = self.look.splitlines()
        return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def runbooks() -> dict[str, Runbook]:
    """Return the runbooks by alert, of all families."""
    found: dict[str, Any] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        family = yaml.safe_load(path.read_text(encoding="utf-8"))
        if twice := found.keys() & family.keys():
            raise ValueError(f"{path.name}: {', '.join(sorted(twice))} has a runbook already")
        found |= family
    return {name: Runbook.model_validate(words) for name, words in found.items()}


def runbooks_page(everything: Site) -> str:
    """Return the page, in the order of the catalogue of alerts.

    Raises
    ------
    KeyError
        When an alert has no runbook.
    """
    rules = rules_by_signal(every_rule(everything))
    sections = []
    for name in (signal.name for signal in SIGNALS):
        book, rule = runbooks()[name], rules[name]
        title = rule.words.title
        sections.append(
            f"\n## {name}\n\n"
            f"**{title[0].upper()}{title[1:]}**: {levels(rule)}. {rule.words.meaning}\n\n"
            f"*Look first*\n\n```sh\n{_compared(rule)}\n{book.look}\n```\n\n"
            f"*Mend.* {book.mend}\n\n"
            f"*Wake.* {book.wake}\n"
        )
    head = (_FOLDER / "head.md").read_text(encoding="utf-8")
    return f"{GENERATED_NOTE}{head}{''.join(sections)}"


def _compared(rule: Rule) -> str:
    """Return the command that shows the numbers of the last hour."""
    return f"# What the alert compares, over the last hour.\ninflux {shlex.quote(compared(rule))}"


def compared(rule: Rule) -> str:
    """Return the statement that shows what a rule compares, over the last hour."""
    text = rule.query.text
    groups = ", ".join(["time(10m)", *(f'"{tag}"' for tag in rule.tags)])
    return f"{text} {'AND' if ' WHERE ' in text else 'WHERE'} time > now() - 1h GROUP BY {groups}"
