"""Every document that is made from the data of the repository."""

from collections.abc import Iterator
from pathlib import Path

from pages.alerts_page import alerts_page
from pages.document import Document
from pages.flows_page import flows_page
from pages.published_site import published_sites
from pages.runbooks import runbooks_page
from pages.schema import SCHEMA_PATH, schema_text
from pages.site_page import site_page
from pages.site_picture import site_picture
from pages.sites_page import sites_page
from pages.topology_picture import topology_picture

EXAMPLES = Path("docs") / "examples"
"""Where the site file stands that has every section."""


def documents(root: Path) -> list[Document]:
    """Return the documents of the repository at ``root``."""
    return [*_documents(root)]


def _documents(root: Path) -> Iterator[Document]:
    (everything,) = published_sites(root / EXAMPLES, root)
    yield Document("docs/flows.md", flows_page(everything.site))
    yield Document("docs/alerts.md", alerts_page(everything.site))
    yield Document("docs/runbooks/alerts.md", runbooks_page(everything.site))
    yield Document(SCHEMA_PATH, schema_text())
    sites = published_sites(root, root)
    yield Document("docs/sites.md", sites_page(sites))
    yield Document("docs/topology.svg", topology_picture(sites))
    for site in sites:
        yield Document(f"docs/sites/{site.name}.md", site_page(site))
        yield Document(f"docs/sites/{site.name}.svg", site_picture(site))
