"""Rules between a mirror and its source, each with two sites that disagree."""

from pathlib import Path
from typing import Any

import pytest

from efd_infra.config.parsing import parse_site
from efd_infra.config.rules.source import source_mistakes, source_warnings
from efd_infra.config.sites import FindSite, sites_in
from rendering.engine import ROOT
from tests.support.full_site import changed, full_site, mirroring_schemas, without

_MIRROR = mirroring_schemas()
_E2E = ROOT / "tests" / "e2e" / "sites"


def _origin(**changes: object) -> dict[str, Any]:
    """Return the site that the full site mirrors, with ``__`` for dots in what is changed."""
    data = without(full_site(), "replication")
    data = changed(data, "name", "origin")
    data = changed(data, "streaming.kafka.external.bootstrap", "kafka.origin.example.org")
    data = changed(data, "streaming.kafka.external.firstNodePort", 31090)
    data = changed(data, "streaming.kafka.maxMessage", "9Mi")
    for path, value in changes.items():
        data = changed(data, path.replace("__", "."), value)
    return data


def _find(*sites: dict[str, Any]) -> FindSite:
    known = {data["name"]: parse_site(data) for data in sites}
    return known.get


def _mistakes(mirror: dict[str, Any], *others: dict[str, Any]) -> list[str]:
    return [str(mistake) for mistake in source_mistakes(parse_site(mirror), _find(*others))]


def _mirroring(name: str, source: str) -> dict[str, Any]:
    return changed(changed(_MIRROR, "name", name), "replication.source", source)


@pytest.mark.parametrize(
    "path", [*ROOT.glob("Pulumi.*.yaml"), *_E2E.glob("Pulumi.*.yaml")], ids=lambda p: p.name
)
def test_the_sites_of_the_repository_agree(path: Path) -> None:
    find = sites_in(path.parent)
    site = find(path.name.split(".")[1])
    assert site is not None
    assert list(source_mistakes(site, find)) == []
    assert list(source_warnings(site, find)) == []


def test_two_sites_that_agree_are_accepted() -> None:
    assert _mistakes(_MIRROR, _origin()) == []


def test_a_site_without_a_mirror_agrees_with_all() -> None:
    assert _mistakes(without(full_site(), "replication")) == []


def test_a_source_elsewhere_is_warned_of() -> None:
    site = parse_site(_MIRROR)
    assert list(source_mistakes(site, _find())) == []
    assert list(source_warnings(site, _find())) == [
        (
            "replication.source is origin, which has no file beside this site's: whether its "
            "listener, users, record size and retention fit was not checked"
        )
    ]


@pytest.mark.parametrize("port", [31091, 31190])
def test_another_address_than_the_source_s_listener_is_refused(port: int) -> None:
    assert _mistakes(_MIRROR, _origin(streaming__kafka__external__firstNodePort=port)) == [
        (
            "replication.bootstrap: given kafka.origin.example.org:31090; "
            f"allowed: kafka.origin.example.org:{port}, the listener of origin"
        )
    ]


def test_a_source_behind_load_balancers_answers_at_their_port() -> None:
    balanced = {
        "type": "LoadBalancer",
        "bootstrap": "kafka.origin.example.org",
        "advertised": "kafka-{broker}.origin.example.org",
    }
    source = _origin(streaming__kafka__external=balanced)
    mirror = changed(_MIRROR, "replication.bootstrap", "kafka.origin.example.org:9094")
    assert _mistakes(mirror, source) == []
    (mistake,) = _mistakes(_MIRROR, source)
    assert "allowed: kafka.origin.example.org:9094," in mistake


def test_a_source_without_an_external_listener_is_refused() -> None:
    closed = without(_origin(), "streaming.kafka.external", "streaming.kafka.users")
    assert _mistakes(_MIRROR, closed)[0] == (
        "replication.source: given origin; allowed: a site with streaming.kafka.external"
    )


@pytest.mark.parametrize("prefixes", [["lsst.sal."], ["_schemas"], ["_schemas", "lsst.sal.B"]])
def test_topics_that_nobody_may_mirror_are_refused(prefixes: list[str]) -> None:
    """A topic that the user may not read looks as if it did not exist, so nothing fails."""
    assert _mistakes(_MIRROR, _origin(streaming__kafka__users__2__mirrors=prefixes)) == [
        (
            "replication.topics: given lsst\\.sal\\.B.*, lsst\\.sal\\.C.*; allowed: topics that, "
            f"with _schemas, one user of origin mirrors (far-mirror: {', '.join(prefixes)})"
        )
    ]


def test_two_users_are_not_one() -> None:
    users = [{"name": "a", "mirrors": ["_schemas"]}, {"name": "b", "mirrors": ["lsst.sal."]}]
    (line,) = _mistakes(_MIRROR, _origin(streaming__kafka__users=users))
    assert line.endswith("one user of origin mirrors (a: _schemas; b: lsst.sal.)")


def test_records_larger_than_the_link_takes_are_refused() -> None:
    assert _mistakes(_MIRROR, _origin(streaming__kafka__maxMessage="10Mi")) == [
        (
            "replication.maxMessage: given 9Mi; "
            "allowed: at least streaming.kafka.maxMessage of origin, 10Mi"
        )
    ]


def test_a_link_slower_than_its_source_is_refused() -> None:
    slow = changed(_MIRROR, "replication.rate", "1MB/s")
    assert _mistakes(slow, _origin()) == [
        "replication.rate: given 1MB/s; allowed: more than what origin takes in, 1.2 MB/s"
    ]


def test_an_outage_that_outlasts_the_source_s_records_is_refused() -> None:
    """96 h less a tenth, as 1.24 of 12 MB/s are what is new."""
    site = changed(_MIRROR, "replication.outageBudget", "87h")
    assert _mistakes(site, _origin()) == [
        (
            "replication.outageBudget: given 87h (and 10.1 h to catch up at 12MB/s less 1.2 MB/s "
            "of new records); allowed: less than 86.1 h, because origin keeps records for 96h"
        )
    ]
    assert _mistakes(changed(site, "replication.outageBudget", "86h"), _origin()) == []


def test_a_mirror_of_its_own_mirror_is_refused() -> None:
    """Names stay as they are, so MirrorMaker cannot see that a record came from here."""
    back = _mirroring("origin", "full")
    (line, *_) = _mistakes(_MIRROR, back)
    assert line == (
        "replication.source: given origin; allowed: a site that does not mirror this one, because "
        "names stay as they are and every record would go round for ever: "
        "full from origin from full"
    )


def test_a_ring_of_three_is_refused() -> None:
    (line, *_) = _mistakes(_MIRROR, _mirroring("origin", "far"), _mirroring("far", "full"))
    assert line.endswith("full from origin from far from full")


def test_a_ring_elsewhere_ends_the_search() -> None:
    found = _mistakes(_MIRROR, _mirroring("origin", "far"), _mirroring("far", "origin"))
    assert not [line for line in found if line.startswith("replication.source")]


def test_a_source_whose_own_file_is_wrong_is_named(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.origin.yaml").write_text("config: {}\n", encoding="utf-8")
    (mistake,) = source_mistakes(parse_site(_MIRROR), sites_in(tmp_path))
    assert mistake.path == "replication.source"
    assert "Pulumi.origin.yaml has name: given nothing" in mistake.allowed
