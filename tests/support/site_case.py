"""Every site whose program runs are inspected: the repository's, and one that has everything."""

import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from efd_infra.config.parsing import parse_site
from efd_infra.config.site import Site
from rendering.engine import ROOT, run_program
from rendering.recording import Run
from rendering.site_file import SiteFile, placeholder, site_files
from tests.support.cloud_site import cloud_site
from tests.support.full_site import full_site, named, without


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


def _case(site: SiteFile) -> SiteCase:
    return SiteCase(name=site.name, description=site.description, secrets=site.secrets)


SITES = tuple(map(_case, site_files(ROOT)))
"""The site files of the repository."""

REAL_SITES = tuple(map(_case, site_files(ROOT / "tests" / "e2e" / "sites")))
"""The site files of the tests on real nodes."""

_PAGES = ("chronograf", "kafdrop")

FULL = SiteCase(
    name="full",
    description=without(
        named(full_site()),
        "timeseries.chronograf.login.secret",
        "streaming.kafdrop.login.secret",
        "timeseries.kapacitor.handlers.slack.secret",
        "timeseries.kapacitor.handlers.webhook.secret",
        "backup.bucket.secret",
    ),
    secrets={
        key: placeholder(key)
        for key in (
            *(f"{page}{key}" for page in _PAGES for key in ("ClientId", "ClientSecret")),
            "slackUrl",
            "webhookUrl",
            "backupAccessKeyId",
            "backupSecretAccessKey",
        )
    },
)
"""Every section, every optional value, and its own secrets."""

CLOUD = SiteCase(
    name="trial",
    description=without(
        cloud_site(), "cloud.names", "streaming.kafka.external", "streaming.kafka.users"
    ),
    secrets={},
)
"""A site with a cluster of its own; tests/components/cloud has its load balancers too."""

CASES = (*SITES, FULL, CLOUD)

EVERY_SITE = (*CASES, *REAL_SITES)
"""Those, and the ones of the tests on real nodes."""
