"""The site's names in Route 53, and that no other site needs what they need."""

import subprocess
import sys
from typing import Any

import pytest

from rendering.engine import ROOT, run_program
from rendering.recording import Run
from tests.support.full_site import changed, full_site, named
from tests.support.site_case import FULL, SITES

_RECORD = "aws:route53/record:Record"
_PROVIDER = "pulumi:providers:aws"


def _records(run: Run) -> dict[str, dict[str, Any]]:
    return {r.inputs["name"]: r.inputs for r in run.resources if r.token == _RECORD}


def test_a_name_is_a_record_of_the_zone() -> None:
    assert _records(FULL.run)["influxdb.example.org"] == {
        "name": "influxdb.example.org",
        "type": "A",
        "ttl": 310,
        "records": ["192.0.2.51"],
        "zoneId": "Z0FULL",
        "allowOverwrite": True,
    }


def test_every_published_name_has_one_but_those_left_out() -> None:
    assert set(_records(FULL.run)) == set(FULL.run.outputs["dnsRecords"]) - {"kafdrop.example.org"}


def test_a_record_leads_where_the_outputs_say() -> None:
    led = {"ingress": ["192.0.2.51"], "nodes": ["192.0.2.52", "192.0.2.53"]}
    for host, record in _records(FULL.run).items():
        (way,) = FULL.run.outputs["dnsRecords"][host]
        assert record["records"] == led[way]


def test_records_have_a_provider_of_the_site_s_own() -> None:
    (provider,) = [r for r in FULL.run.resources if r.token == _PROVIDER]
    assert provider.inputs["region"], "never the region that a laptop happens to have"
    records = [r for r in FULL.run.resources if r.token == _RECORD]
    assert {r.provider.rpartition("::")[0] for r in records} == {provider.urn}


def test_every_value_of_the_section_is_rendered() -> None:
    """But the zone's name, with which names are compared."""
    site = named(full_site())
    for path, value in (
        ("dns.zoneId", "Z0OTHER"),
        ("dns.ttl", "311s"),
        ("dns.ingress", ["front.example.net"]),
        ("dns.nodes", ["192.0.2.54"]),
        ("dns.leftOut", ["registry.example.org"]),
    ):
        site = changed(site, path, value)
    records = _records(run_program(site))
    assert "registry.example.org" not in records
    page, broker = records["kafdrop.example.org"], records["kafka.example.org"]
    assert (page["type"], page["records"]) == ("CNAME", ["front.example.net"])
    assert (broker["type"], broker["records"]) == ("A", ["192.0.2.54"])
    assert {record["ttl"] for record in records.values()} == {311}
    assert {record["zoneId"] for record in records.values()} == {"Z0OTHER"}


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_a_site_without_a_zone_has_no_record(site: Any) -> None:
    assert site.site.dns is None
    assert [r for r in site.run.resources if r.token.startswith(("aws:", _PROVIDER))] == []


def test_a_site_without_a_zone_does_not_load_the_provider() -> None:
    """It need not even be installed."""
    program = (
        "import sys; sys.modules['pulumi_aws'] = None\n"
        "from rendering.engine import run_program\n"
        "from tests.support.full_site import full_site\n"
        "assert run_program(full_site()).resources\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)  # noqa: S603 -- own


def test_a_site_with_a_zone_says_which_packages_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)
    monkeypatch.delitem(sys.modules, "efd_infra.components.dns.records", raising=False)
    with pytest.raises(Exception, match="section dns needs the packages of requirements-cloud"):
        run_program(named(full_site()))
