"""A site as pages tell it: what its file says, and what the program registers for it."""

import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from efd_infra.config.parsing import parse_site
from efd_infra.config.site import Site
from rendering.recording import Run
from rendering.site_file import SiteFile, site_files

EDITOR_LINE = "# yaml-language-server: "
"""How the line begins by which an editor finds the schema."""


@dataclass(frozen=True, eq=False)
class PublishedSite:
    """One site of the repository."""

    file: SiteFile
    """What its file says."""
    about: str
    """What the file's first comment says of it."""
    root: Path
    """The repository."""

    @property
    def name(self) -> str:
        """The stack's name."""
        return self.file.name

    @cached_property
    def site(self) -> Site:
        """The site that the program sees."""
        return parse_site(copy.deepcopy(self.file.description))

    @cached_property
    def run(self) -> Run:
        """What the program registers, without an engine or a secret."""
        return self.file.run(self.root)


def published_sites(folder: Path, root: Path) -> list[PublishedSite]:
    """Return the sites whose files are in ``folder``, by name."""
    return [
        PublishedSite(file, _about(folder / f"Pulumi.{file.name}.yaml"), root)
        for file in sorted(site_files(folder), key=lambda file: file.name)
    ]


def _about(path: Path) -> str:
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(EDITOR_LINE):
            continue
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)
