"""The page of flows says what the program lets through."""

import pytest

from efd_infra.manifests.flow import Flow
from efd_infra.manifests.flows import site_flows
from efd_infra.manifests.peers import titles
from rendering.engine import ROOT
from tests.support.site_case import FULL

PAGE = ROOT / "docs" / "flows.md"
MARK = "<!-- flows -->\n"


def table(flows: tuple[Flow, ...]) -> str:
    """Return one row for each flow."""
    rows = [
        ("Flow", "From", "To", "Port", "Why"),
        ("---",) * 5,
        *(
            (
                f"`{flow.name}`",
                ", ".join(titles(flow.sources)),
                ", ".join(titles(flow.targets)),
                ", ".join(map(str, flow.ports)),
                flow.why,
            )
            for flow in flows
        ),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows).replace("| --- ", "|---")


def test_the_page_lists_the_flows_of_a_site_that_has_everything(
    request: pytest.FixtureRequest,
) -> None:
    text, _, listed = PAGE.read_text(encoding="utf-8").partition(MARK)
    now = f"\n{table(site_flows(FULL.site))}"
    if request.config.getoption("--update-golden"):
        PAGE.write_text(f"{text}{MARK}{now}", encoding="utf-8")
        listed = now
    assert listed == now, "if the change is meant, run pytest with --update-golden"
