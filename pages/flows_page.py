"""The page of flows: every connection that a network policy lets through."""

from pathlib import Path

from efd_infra.config.site import Site
from efd_infra.manifests.flows import site_flows
from efd_infra.manifests.peers import titles
from pages.markdown import GENERATED_NOTE, code, table

_HEAD = Path(__file__).with_name("flows_head.md")


def flows_page(everything: Site) -> str:
    """Return the page, with one row for each flow of a site that has everything."""
    rows = (
        (
            code(flow.name),
            ", ".join(titles(flow.sources)),
            ", ".join(titles(flow.targets)),
            ", ".join(map(str, flow.ports)),
            flow.why,
        )
        for flow in site_flows(everything)
    )
    listed = table(("Flow", "From", "To", "Port", "Why"), rows)
    return f"{GENERATED_NOTE}{_HEAD.read_text(encoding='utf-8')}{listed}"
