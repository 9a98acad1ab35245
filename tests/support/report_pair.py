"""A site before and after an edit of its file, rendered and compared as the report does."""

import copy
import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import Any

import yaml

from rendering.__main__ import rendered
from rendering.engine import ROOT
from rendering.site_file import SiteFile
from report.approval import Approval, judged
from report.change import Change, SiteChanges
from report.danger import dangers
from report.outcome import Outcome
from report.rendered import site_changes
from report.site_file import SiteText
from tests.support.full_site import changed, without

TODAY = dt.date(2030, 1, 1)


@cache
def base(site: str) -> dict[str, Any]:
    """Return the description of a site of the repository."""
    text = (ROOT / f"Pulumi.{site}.yaml").read_text(encoding="utf-8")
    described: dict[str, Any] = yaml.safe_load(text)["config"]["efd:site"]
    return described


@cache
def _rendered_base(site: str) -> dict[str, Any]:
    return _rendered(site, base(site))


def _rendered(site: str, description: dict[str, Any]) -> dict[str, Any]:
    return rendered(SiteFile(site, copy.deepcopy(description), {}), ROOT)


def compared(site: str, description: dict[str, Any] | None) -> SiteChanges:
    """Return what it changes to make ``description`` of a site; None takes its file away."""
    after = _rendered(site, description) if description else None
    texts = {site: SiteText(base(site))}, {site: SiteText(description or {})}
    return site_changes(site, (_rendered_base(site), after), texts)


def after_setting(site: str, **values: Any) -> SiteChanges:
    """Return what it changes to set values, at paths with ``__`` in the place of dots."""
    description = base(site)
    for path, value in values.items():
        description = changed(description, path.replace("__", "."), value)
    return compared(site, description)


def after_removing(site: str, *paths: str) -> SiteChanges:
    """Return what it changes to leave sections out."""
    return compared(site, without(base(site), *paths))


def outcome(sites: Sequence[SiteChanges], *approved: Approval) -> Outcome:
    """Return the report on some sites, with approvals that the change adds."""
    return Outcome.of(sites, judged(dangers(sites), approved, (), TODAY))


def found(sites: Sequence[SiteChanges]) -> list[str]:
    """Return the ids of all dangers."""
    return [danger.what for danger in dangers(sites)]


def named(site: SiteChanges, kind: str, subject: str) -> Change:
    """Return the one change of an object."""
    (one,) = (c for c in site.changes if (c.kind, c.subject) == (kind, subject))
    return one


def config_map(site: str, name: str, files: tuple[dict[str, str], dict[str, str]]) -> Change:
    """Return a made-up ConfigMap whose files differ."""
    urn = f"urn:pulumi:{site}::efd::kubernetes:core/v1:ConfigMap::{name}"
    metadata = {"name": name, "namespace": "somewhere"}
    old, new = ({"kind": "ConfigMap", "metadata": metadata, "data": data} for data in files)
    return Change(site=site, urn=urn, operation="replace", old=old, new=new)
