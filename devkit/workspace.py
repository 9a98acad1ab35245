"""Where things lie: the project, the site files, the git-ignored folder, the cache."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from devkit.errors import DevkitError

SITE_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Workspace:
    """The folders of one checkout.

    `project` holds Pulumi.yaml, `sites` the site files, `home` everything that a run leaves
    behind, `cache` the tools, which every checkout of this user shares.
    """

    project: Path
    sites: Path
    home: Path
    cache: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Workspace":
        """Read EFD_PROJECT_DIR, EFD_SITE_DIR, EFD_DEVKIT_DIR and EFD_DEVKIT_CACHE.

        Each has a default: this checkout, the project's folder, `.devkit` in it, and
        `efd-devkit` in the user's cache folder.
        """
        checkout = Path(__file__).resolve().parent.parent
        project = Path(environ.get("EFD_PROJECT_DIR") or checkout).resolve()
        user_cache = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(
            project=project,
            sites=Path(environ.get("EFD_SITE_DIR") or project).resolve(),
            home=Path(environ.get("EFD_DEVKIT_DIR") or project / ".devkit").resolve(),
            cache=Path(environ.get("EFD_DEVKIT_CACHE") or Path(user_cache) / "efd-devkit"),
        )

    def site_file(self, site: str) -> Path:
        """Find the tracked file that describes `site`, or say which sites there are."""
        path = self.sites / f"Pulumi.{site}.yaml"
        if SITE_NAME.fullmatch(site) and path.is_file():
            return path
        raise DevkitError(
            f"there is no site {site!r}: {path} does not exist",
            f"choose one of {', '.join(self.site_names()) or 'none: the folder has no site file'}, "
            "for example: make up SITE=local",
        )

    def site_names(self) -> list[str]:
        """Every site that has a file."""
        names = (path.name.split(".")[1] for path in self.sites.glob("Pulumi.*.yaml"))
        return sorted(name for name in names if SITE_NAME.fullmatch(name))

    @property
    def pulumi_home(self) -> Path:
        """Pulumi's own folder: plugins and logs."""
        return self.home / "pulumi"

    def cluster(self, site: str) -> Path:
        """Everything that belongs to the embedded cluster of `site`."""
        return self.home / "clusters" / site

    def started_sites(self) -> list[str]:
        """Sites for which a cluster was started at some time and not cleaned since."""
        return sorted(path.name for path in (self.home / "clusters").glob("*") if path.is_dir())
