"""The other sites of the repository, whose files lie beside this one's."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

from efd_infra.config.parsing import parse_site
from efd_infra.config.site import Site

FindSite = Callable[[str], Site | None]
"""Returns the site of a name, or nothing when the repository does not have it."""


def sites_in(folder: Path) -> FindSite:
    """Return what finds sites by their ``Pulumi.<name>.yaml`` in ``folder``."""

    @cache
    def find(name: str) -> Site | None:
        """Return the site.

        Raises
        ------
        SiteError
            When it has a file that is wrong.
        """
        path = folder / f"Pulumi.{name}.yaml"
        if not path.exists():
            return None
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return parse_site((document.get("config") or {}).get("efd:site") or {})

    return find
