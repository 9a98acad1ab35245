"""Which sites a change touches."""

from collections.abc import Iterable
from pathlib import Path

from report.change import SiteChanges

_EVERYWHERE = ("requirements.txt", "requirements-cloud.txt", "Pulumi.yaml")
"""Files that no rendering shows, and that may change what the engine does at every site."""


def touched(sites: Iterable[SiteChanges], base: Path, head: Path) -> list[str]:
    """Return the names of the sites of ``head`` that an engine should be asked about.

    Exactly those of which a registration, a warning or an encrypted text differs; all of them where
    a file differs that says with what the program runs.
    """
    everywhere = any(_text(base / name) != _text(head / name) for name in _EVERYWHERE)
    return [
        site.site
        for site in sites
        if (everywhere or site.is_touched) and (head / f"Pulumi.{site.site}.yaml").exists()
    ]


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
