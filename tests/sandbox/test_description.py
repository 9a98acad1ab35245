"""The site of one sandbox, made from the one that all have in common."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from efd_infra.config.parsing import parse_site
from efd_infra.config.prices import hourly_cost
from efd_infra.config.published_name import published_names
from rendering.engine import ROOT
from sandbox.description import config_document, described, in_project, parsed, read
from sandbox.errors import SandboxError
from sandbox.marks import Marks
from tests.support.cloud_site import cloud_site
from tests.support.full_site import changed, full_site, without

_END = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


def _marks(name: str) -> Marks:
    return Marks(name=name, owner="someone-else", end=_END)


def _alone() -> dict[str, Any]:
    return without(full_site(), "archive", "backup", "replication")


def test_the_example_is_a_site_and_costs_less_than_its_limit() -> None:
    example = read(ROOT / "docs/examples/cloud/Pulumi.cloud.yaml")
    site = parsed(described(example, _marks("mine")))
    assert hourly_cost(site) == pytest.approx(0.43, abs=0.01), "as docs/sandbox.md says"
    hosts = {name.host for name in published_names(site)}
    assert "kafka-2-sandbox-efd-mine.lsst.codes" in hosts


def test_a_project_of_one_s_own_takes_the_place_of_the_file_s() -> None:
    assert in_project(cloud_site(), "another")["cloud"]["project"] == "another"
    assert in_project(cloud_site(), "") == cloud_site()
    assert in_project(full_site(), "another") == full_site()


def test_it_has_a_name_a_context_and_an_end_of_its_own() -> None:
    site = parse_site(described(cloud_site(), _marks("mine")))
    assert site.name == "sandbox-mine"
    assert site.cluster.context == "efd-sandbox-mine"
    assert site.cloud is not None
    assert site.cloud.end.moment == _END
    assert site.cloud.owner == "someone-else"
    assert site.cloud.labels(site.name) == _marks("mine").labels, "as the reaper reads them"


def test_nothing_in_it_is_kept() -> None:
    assert full_site()["cluster"]["durable"] is True
    assert described(_alone(), _marks("mine"))["cluster"]["durable"] is False


def test_no_two_have_a_host_in_common() -> None:
    hosts = [
        {name.host for name in published_names(parse_site(described(_alone(), _marks(name))))}
        for name in ("a", "b", "ab")
    ]
    assert all(len(own) > 5 for own in hosts)
    assert hosts[0] & hosts[1] == hosts[0] & hosts[2] == hosts[1] & hosts[2] == set()


def test_a_certificate_for_the_domain_has_all_hosts() -> None:
    before = {name.host.partition(".")[2] for name in published_names(parse_site(_alone()))}
    site = parse_site(described(_alone(), _marks("mine")))
    assert {name.host.partition(".")[2] for name in published_names(site)} == before


def test_the_server_that_sends_mail_is_not_the_sandbox_s() -> None:
    site = described(_alone(), _marks("mine"))
    email = site["timeseries"]["kapacitor"]["handlers"]["email"]
    assert email["host"] == "mail.example.org"


def test_clients_call_it_by_a_name_of_its_own() -> None:
    assert described(_alone(), _marks("mine"))["alias"] == "full_efd_mine"


@pytest.mark.parametrize("section", ["archive", "backup", "replication"])
def test_one_that_reaches_out_is_refused(section: str) -> None:
    site = changed(cloud_site(), section, full_site()[section])
    with pytest.raises(SandboxError, match=f"its site file has {section}"):
        described(site, _marks("mine"))


def test_the_common_description_is_left_as_it_is() -> None:
    common = cloud_site()
    described(common, _marks("mine"))
    assert common == cloud_site()


def test_an_extension_changes_the_end_only() -> None:
    first = described(
        cloud_site(), Marks(name="mine", owner="someone-else", end=_END.replace(2032))
    )
    assert described(first, _marks("mine"), renamed=True) == described(cloud_site(), _marks("mine"))


def test_a_file_that_is_not_there_or_describes_no_site_is_named(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="there is no site file"):
        read(tmp_path / "Pulumi.sandbox.yaml")
    for text in ("", "config: {}", "a: [", "[1]"):
        path = tmp_path / "Pulumi.odd.yaml"
        path.write_text(text)
        with pytest.raises(SandboxError, match="describes no site"):
            read(path)


def test_the_encryption_of_a_stack_outlasts_a_new_description(tmp_path: Path) -> None:
    document = config_document({"name": "x"}, {"encryptionsalt": "v1:a", "config": {"old": 1}})
    assert document == {"encryptionsalt": "v1:a", "config": {"efd:site": {"name": "x"}}}
    path = tmp_path / "Pulumi.x.yaml"
    path.write_text(yaml.safe_dump(document))
    assert read(path) == {"name": "x"}
