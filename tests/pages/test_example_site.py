"""The example has every service and every alert that there is, so pages made from it lack none."""

from efd_infra.config.signals import SIGNALS
from efd_infra.manifests.alerts.rules import alert_rules
from efd_infra.manifests.flows import site_flows
from efd_infra.manifests.workloads import site_workloads
from pages.catalogue import EXAMPLES
from pages.published_site import published_sites
from rendering.engine import ROOT
from tests.support.site_case import FULL

(EVERYTHING,) = published_sites(ROOT / EXAMPLES, ROOT)


def test_it_has_every_flow() -> None:
    ours = {flow.name for flow in site_flows(EVERYTHING.site)}
    assert ours == {flow.name for flow in site_flows(FULL.site)}


def test_it_has_the_same_kinds_of_workloads() -> None:
    ours = {workload.identity.name for workload in site_workloads(EVERYTHING.site)}
    assert ours == {workload.identity.name for workload in site_workloads(FULL.site)}


def test_it_has_every_alert() -> None:
    ours = {rule.signal.name for rule in alert_rules(EVERYTHING.site)}
    assert ours == {signal.name for signal in SIGNALS}


def test_the_program_takes_it() -> None:
    assert EVERYTHING.run.workloads
