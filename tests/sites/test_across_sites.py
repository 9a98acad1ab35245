"""No two sites claim what only one can have, and each rule catches a pair that does."""

from typing import Any

import pytest

from efd_infra.config.parsing import parse_site
from efd_infra.config.site import Site
from policy import across_sites
from tests.support.full_site import at, changed, full_site, without
from tests.support.site_case import SITES

_OWN = {
    "name": "other",
    "alias": "other_efd",
    "cluster.context": "other-context",
    "streaming.kafka.external.bootstrap": "kafka.example.net",
    "streaming.kafka.external.advertised": "kafka-{broker}.example.net",
    "streaming.schemaRegistry.host": "registry.example.net",
    "streaming.kafdrop.host": "kafdrop.example.net",
    "timeseries.influxdb.host": "influxdb.example.net",
    "timeseries.chronograf.host": "chronograf.example.net",
    "backup.bucket.prefix": "efd/other",
    "archive.parquet.bucket": "files-of-other",
    "archive.database.database": "other",
}
"""What makes the full site another that may stand beside it."""


def _full() -> dict[str, Any]:
    return without(full_site(), "replication")


def _other(**different: Any) -> dict[str, Any]:
    site = _full()
    for path, value in {**_OWN, **{p.replace("__", "."): v for p, v in different.items()}}.items():
        site = changed(site, path, value)
    return site


def _mirror(**different: Any) -> dict[str, Any]:
    """Return the other site as a mirror of the full one, without schemas."""
    link = {
        "source": "full",
        "bootstrap": "kafka.example.org:31190",
        "login": {"secret": "full-login"},
        "topics": [r"lsst\.sal\.B.*"],
        "schemas": False,
        "maxMessage": "11Mi",
    }
    return {**_other(), "replication": {**link, **different}}


def _told(*descriptions: dict[str, Any]) -> list[str]:
    return [str(mistake) for mistake in across_sites.mistakes(list(map(parse_site, descriptions)))]


def _sites() -> list[Site]:
    return [case.site for case in SITES]


@pytest.mark.parametrize("rule", across_sites.RULES, ids=lambda rule: rule.__name__)
def test_the_sites_of_the_repository_stand_beside_each_other(rule: across_sites.Rule) -> None:
    assert list(map(str, rule(_sites()))) == []


def test_every_site_is_compared() -> None:
    expected = {"summit", "nts", "tucson", "ldf", "ldf-int", "base", "sandbox", "local"}
    assert {case.name for case in SITES} == {site.name for site in _sites()} == expected


def test_two_sites_that_share_nothing_are_right() -> None:
    assert _told(_full(), _other()) == []
    assert _told(_full(), _mirror()) == []


def test_two_sites_of_one_name_are_refused() -> None:
    assert _told(_full(), _other(name="full")) == [
        "Pulumi.full.yaml, name: given full; allowed: a name used once"
    ]


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("timeseries.influxdb.host", "influxdb.example.org"),
        ("timeseries.influxdb.host", "kafka.example.org"),
        ("timeseries.chronograf.host", "kafka-3.example.org"),
        ("streaming.schemaRegistry.host", "chronograf.example.org"),
        ("streaming.kafdrop.host", "kafdrop.example.org"),
        ("streaming.kafka.external.bootstrap", "kafka.example.org"),
        ("streaming.kafka.external.bootstrap", "registry.example.org"),
    ],
)
def test_a_host_of_two_sites_is_refused(path: str, host: str) -> None:
    assert _told(_full(), changed(_other(), path, host)) == [
        f"Pulumi.other.yaml, {path}: given {host}; allowed: a host of its own; full has this one"
    ]


def test_an_advertised_name_of_two_sites_is_refused() -> None:
    told = _told(
        _full(), _other(streaming__kafka__external__advertised="kafka-{broker}.example.org")
    )
    assert told == [
        "Pulumi.other.yaml, streaming.kafka.external.advertised: "
        f"given kafka-{broker}.example.org; allowed: a host of its own; full has this one"
        for broker in range(4)
    ]


def test_a_page_may_have_the_name_of_its_own_site_s_broker() -> None:
    """As Kafdrop has at NCSA."""
    shared = [
        case.name
        for case in SITES
        if case.site.streaming.kafdrop
        and case.site.streaming.kafdrop.host in case.site.streaming.kafka.external_hosts
    ]
    assert shared == ["ldf", "nts"]


def test_an_alias_of_two_sites_is_refused() -> None:
    assert _told(_full(), _other(alias="full_efd")) == [
        "Pulumi.other.yaml, alias: given full_efd; allowed: an alias of its own; full has this one"
    ]


def test_a_cluster_of_two_sites_is_refused_even_with_other_ports() -> None:
    site = _other(cluster__context="full-context", streaming__kafka__external__firstNodePort=31200)
    assert _told(_full(), site) == [
        (
            "Pulumi.other.yaml, cluster.context: given full-context; "
            "allowed: a cluster of its own; full has this one"
        )
    ]


def test_node_ports_of_one_cluster_are_told_apart() -> None:
    site = _other(cluster__context="full-context", streaming__kafka__external__firstNodePort=31193)
    assert _told(_full(), site)[1:] == [
        (
            "Pulumi.other.yaml, streaming.kafka.external.firstNodePort: given 31193; "
            "allowed: ports that full, on the same cluster, has not"
        )
    ]


def test_the_ingress_controller_s_node_port_is_no_broker_s() -> None:
    site = _other(cluster__context="full-context", cluster__publicPort=31190)
    site = changed(site, "streaming.kafka.external.firstNodePort", 31200)
    assert "given 31190; allowed: ports that full" in _told(_full(), site)[1]


def test_node_ports_of_two_clusters_may_be_the_same() -> None:
    assert at(_full(), "streaming.kafka.external.firstNodePort") == at(
        _other(), "streaming.kafka.external.firstNodePort"
    )
    assert _told(_full(), _other()) == []


def test_a_mirror_without_a_source_s_file_is_refused() -> None:
    assert _told(_full(), _mirror(source="nowhere")) == [
        "Pulumi.other.yaml, replication.source: given nowhere; allowed: one of: full"
    ]


def test_a_mirror_that_dials_another_listener_than_its_source_s_is_refused() -> None:
    assert _told(_full(), _mirror(bootstrap="kafka.example.org:31090")) == [
        (
            "Pulumi.other.yaml, replication.bootstrap: given kafka.example.org:31090; "
            "allowed: kafka.example.org:31190, the listener of full"
        )
    ]


def test_a_mirror_of_a_site_without_a_listener_is_refused() -> None:
    closed = without(_full(), "streaming.kafka.external")
    assert _told(closed, _mirror()) == [
        (
            "Pulumi.other.yaml, replication.source: given full; "
            "allowed: a site with streaming.kafka.external"
        )
    ]


def test_a_mirror_that_no_user_of_its_source_may_read_is_refused() -> None:
    users = [{"name": "far-mirror", "mirrors": ["lsst.sal.Z"]}]
    (told,) = _told(changed(_full(), "streaming.kafka.users", users), _mirror())
    assert told.startswith("Pulumi.other.yaml, replication.topics: given lsst")


def test_sites_that_mirror_each_other_are_refused() -> None:
    back = {**_mirror()["replication"], "source": "other", "bootstrap": "kafka.example.net:31190"}
    told = _told({**_full(), "replication": back}, _mirror())
    assert [line.partition("; ")[0] for line in told] == [
        "Pulumi.full.yaml, replication.source: given other",
        "Pulumi.other.yaml, replication.source: given full",
    ]
    assert all("every record would go round for ever" in line for line in told)


@pytest.mark.parametrize("prefix", ["efd/full", "efd/full/deeper", "efd", None])
def test_backups_among_another_site_s_are_refused(prefix: str | None) -> None:
    assert _told(_full(), _other(backup__bucket__prefix=prefix)) == [
        (
            f"Pulumi.other.yaml, backup.bucket.prefix: given {prefix or 'nothing'}; allowed: "
            "a prefix in the bucket copies-of-full apart from that of full, efd/full"
        )
    ]


def test_backups_in_another_bucket_or_store_may_have_the_same_prefix() -> None:
    for path, value in (("name", "others"), ("endpoint", "https://store.example.net")):
        site = changed(_other(backup__bucket__prefix="efd/full"), f"backup.bucket.{path}", value)
        assert _told(_full(), site) == []


def test_an_archive_of_two_sites_is_refused() -> None:
    assert _told(_full(), _other(archive__parquet__bucket="files-of-full")) == [
        (
            "Pulumi.other.yaml, archive.parquet.bucket: given files-of-full at "
            "https://archive.example.org:9444; allowed: a bucket or database of its own; "
            "full has this one"
        )
    ]
    (told,) = _told(_full(), _other(archive__database__database="consolidated"))
    assert "given consolidated at database.example.org:5433" in told


def test_an_archive_among_backups_is_refused() -> None:
    site = _other(archive__parquet__bucket="copies-of-full", backup__bucket__name="others")
    site = changed(site, "archive.parquet.endpoint", "https://store.example.org:9443")
    assert _told(_full(), site) == [
        (
            "Pulumi.other.yaml, archive.parquet.bucket: given copies-of-full at "
            "https://store.example.org:9443; allowed: a bucket without copies; full keeps its "
            "backup in this one"
        )
    ]
