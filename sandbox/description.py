"""The site of one sandbox, made from a site file that all sandboxes have in common."""

import copy
import re
from pathlib import Path
from typing import Any

import yaml

from efd_infra.config.cloud import EndTime
from efd_infra.config.parsing import parse_site
from efd_infra.config.site import Site
from sandbox.errors import SandboxError
from sandbox.marks import Marks

_SITE = "efd:site"
_REACHING_OUT = ("archive", "backup", "replication")
"""Sections that name stores and sites outside, which several sandboxes would share."""

_HOST_KEYS = ("host", "bootstrap", "advertised")


def read(path: Path) -> dict[str, Any]:
    """Return the description of the site in a file.

    Raises
    ------
    SandboxError
        When there is none.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        site: dict[str, Any] = document["config"][_SITE]
    except FileNotFoundError:
        raise SandboxError(f"there is no site file {path} → name one with --site-file") from None
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise SandboxError(f"{path} describes no site: nothing under config, {_SITE}") from None
    return site


def in_project(common: dict[str, Any], project: str) -> dict[str, Any]:
    """Return the description for another project than it names; the same where that is empty."""
    if not project or "cloud" not in common:
        return common
    return {**common, "cloud": {**common["cloud"], "project": project}}


def described(common: dict[str, Any], marks: Marks, *, renamed: bool = False) -> dict[str, Any]:
    """Return the description of the sandbox: its own name, context and hosts, and its end.

    With ``renamed``, the one that is given is the sandbox's own already, and gets a new end.

    Raises
    ------
    SandboxError
        When the common one reaches out of its cluster.
    """
    if reaching := [section for section in _REACHING_OUT if section in common]:
        raise SandboxError(
            f"a sandbox stands alone, but its site file has {', '.join(reaching)} → leave it out"
        )
    site = copy.deepcopy(common)
    if "cloud" in site:
        site["cloud"] = {**site["cloud"], "owner": marks.owner, "end": EndTime.of(marks.end)}
    if renamed:
        return site
    site["name"] = marks.stack
    if "alias" in site:
        site["alias"] = f"{site['alias']}_{marks.name}"
    cluster = {**(site.get("cluster") or {})}
    site["cluster"] = {**cluster, "context": marks.cluster, "durable": False}
    _rename_hosts(site, marks.name)
    return site


def parsed(site: dict[str, Any]) -> Site:
    """Return the site that a description is of; raise ``SiteError`` with every mistake in it."""
    return parse_site(site)


def _rename_hosts(tree: Any, name: str) -> None:
    """Put ``-name`` behind the first label of every public host below ``tree``.

    The label is the only one that changes, so that a certificate for ``*.domain`` covers all.
    """
    if isinstance(tree, list):
        for item in tree:
            _rename_hosts(item, name)
    if not isinstance(tree, dict):
        return
    for key, value in tree.items():
        if key in _HOST_KEYS and isinstance(value, str):
            tree[key] = re.sub(r"^[^.]+", rf"\g<0>-{name}", value)
        elif key != "email":  # the server that sends mail is not the sandbox's
            _rename_hosts(value, name)


def config_document(site: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return what configures the stack, with the encryption that it was made with."""
    keys = ("secretsprovider", "encryptedkey", "encryptionsalt")
    return {**{key: own[key] for key in keys if key in own}, "config": {_SITE: site}}
