"""Everything from outside that real nodes need, fetched where there is a network."""

from devkit import build, images
from devkit.node import programs
from devkit.node.downloads import Downloads
from devkit.offers import Offers
from devkit.workspace import Workspace


def ensure(workspace: Workspace) -> None:
    """Fetch and build what is missing; an enclosure has no way out of this machine."""
    programs.ensure(workspace.cache)
    build.ensure_node(workspace.cache)
    images.ensure(workspace.cache)
    for site in workspace.site_names():
        offers = Offers.from_site_file(workspace.site_file(site), site)
        mirror(workspace).offer(offers.downloads, workspace.cache)


def mirror(workspace: Workspace) -> Downloads:
    """Name the mirror of the release files that pods fetch."""
    return Downloads(workspace.home / "downloads")
