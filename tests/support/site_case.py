"""Every site whose program runs are inspected: the repository's, and one that has everything."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from efd_infra.config.parsing import parse_site
from efd_infra.config.site import Site
from tests.support.engine import ROOT, run_program
from tests.support.full_site import full_site, without
from tests.support.monitor import CANARY, PROJECT
from tests.support.recording import Run


@dataclass(frozen=True, eq=False)
class SiteCase:
    """One site: what its file says, with placeholders where it has secrets."""

    name: str
    """The stack's name."""
    description: dict[str, Any]
    """The value of ``efd:site``."""
    secrets: dict[str, str]
    """A placeholder for each secret key."""

    @property
    def data(self) -> dict[str, Any]:
        """A copy of the description."""
        return copy.deepcopy(self.description)

    @cached_property
    def site(self) -> Site:
        """The site that the program sees."""
        return parse_site(self.data)

    @cached_property
    def run(self) -> Run:
        """The program's run for this site, once per session."""
        return run_program(self.data, self.secrets, stack=self.name)

    @cached_property
    def preview(self) -> Run:
        """The program's first preview for this site, once per session."""
        return run_program(self.data, self.secrets, stack=self.name, preview=True)


def _read(path: Path) -> SiteCase:
    config: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["config"]
    secret = [key for key, value in config.items() if isinstance(value, dict) and "secure" in value]
    return SiteCase(
        name=path.name.split(".")[1],
        description=config[f"{PROJECT}:site"],
        secrets=_placeholders(key.removeprefix(f"{PROJECT}:") for key in secret),
    )


def _placeholders(keys: Iterable[str]) -> dict[str, str]:
    return {key: f"{CANARY}{key}" for key in keys}


SITES = tuple(_read(path) for path in sorted(ROOT.glob("Pulumi.*.yaml")))
"""The site files of the repository."""

REAL_SITES = tuple(_read(path) for path in sorted(ROOT.glob("tests/e2e/sites/Pulumi.*.yaml")))
"""The site files of the tests on real nodes."""

_PAGES = ("chronograf", "kafdrop")

FULL = SiteCase(
    name="full",
    description=without(
        full_site(),
        "timeseries.chronograf.login.secret",
        "streaming.kafdrop.login.secret",
        "timeseries.kapacitor.handlers.slack.secret",
        "timeseries.kapacitor.handlers.webhook.secret",
        "backup.bucket.secret",
    ),
    secrets=_placeholders(
        [
            *(f"{page}{key}" for page in _PAGES for key in ("ClientId", "ClientSecret")),
            "slackUrl",
            "webhookUrl",
            "backupAccessKeyId",
            "backupSecretAccessKey",
        ]
    ),
)
"""Every section, every optional value, and its own secrets."""

CASES = (*SITES, FULL)

EVERY_SITE = (*CASES, *REAL_SITES)
"""Those, and the ones of the tests on real nodes."""
