"""What the program registers before and after an edit of a site file, as a reviewer is told it."""

from functools import cache

import pytest

from report.change import SiteChanges
from report.comment import full
from report.entry import Section
from report.reading import section
from tests.support.report_pair import (
    after_removing,
    after_setting,
    base,
    compared,
    found,
    named,
    outcome,
)

_BROKERS = "cp-helm-charts/cp-helm-charts-cp-kafka"


@cache
def _retention() -> SiteChanges:
    return after_setting("summit", streaming__kafka__retention="24h")


@cache
def _rotation() -> SiteChanges:
    return after_setting("summit", streaming__kafka__loginGeneration=2)


def _restarted(site: SiteChanges) -> set[str]:
    return {change.subject for change in site.changes if change.restarts}


def test_nothing_is_told_of_a_site_that_is_the_same() -> None:
    site = compared("local", base("local"))
    assert site.changes == ()
    assert not site.is_touched
    assert outcome([site]).verdict == "Nothing changes at any site."
    assert outcome([site]).exit_code == 0


def test_a_changed_file_restarts_what_mounts_it_though_no_name_changes() -> None:
    site = _retention()
    assert _restarted(site) == {_BROKERS}
    brokers = named(site, "StatefulSet", _BROKERS)
    assert brokers.causes == ("ConfigMap cp-helm-charts/kafka-settings",)
    assert brokers.old == brokers.new


def test_the_difference_of_a_file_is_told_line_by_line() -> None:
    text = full(outcome([_retention()]))
    assert "-log.retention.ms=259200000\n+log.retention.ms=86400000\n" in text


def test_a_shorter_retention_of_kafka_is_a_danger_and_a_longer_one_is_none() -> None:
    assert found([_retention()]) == ["retention-shortened/kafka/3d-to-1d"]
    longer = after_setting("local", streaming__kafka__retention="96h")
    assert longer.changes
    assert found([longer]) == []


def test_brokers_that_roll_are_counted_and_timed_at_the_rate_of_the_site() -> None:
    text = full(outcome([_retention()]))
    assert "3 brokers roll, one at a time: about 4 min." in text
    assert "139 MB missed meanwhile (187Gi a day, copies: 3)" in text
    slower = after_setting(
        "summit", streaming__kafka__retention="73h", streaming__kafka__ingestPerDay="18700Gi"
    )
    assert "about 10 min" in full(outcome([slower]))


def test_a_new_image_of_the_brokers_is_a_restart_with_its_field() -> None:
    site = after_setting("local", images={"kafka": "apache/kafka:4.3.9"})
    assert _BROKERS in _restarted(site)
    expected = "containers.kafka.image: apache/kafka:4.3.1 → apache/kafka:4.3.9"
    assert expected in full(outcome([site]))
    assert found([site]) == []


def test_another_password_restarts_whoever_mounts_it_and_shows_none() -> None:
    site = _rotation()
    secret = named(site, "Secret", "kafdrop/kafka-user-efd-kafdrop-kafdrop")
    assert secret.operation == "replace"
    assert {_BROKERS, "kafdrop/kafdrop"} <= _restarted(site)
    text = full(outcome([site]))
    assert "CANARY" not in text
    assert "Other values of: client.properties, password, username." in text


def test_a_store_that_grows_is_no_danger() -> None:
    site = after_setting("summit", streaming__kafka__storage={"size": "800Gi"})
    assert {change.kind for change in site.changes} == {"PersistentVolumeClaim"}
    assert {change.operation for change in site.changes} == {"update"}
    assert found([site]) == []


def test_a_store_of_another_class_is_replaced_which_is_a_danger() -> None:
    storage = {"size": "750Gi", "storageClass": "other"}
    site = after_setting("summit", streaming__kafka__storage=storage)
    stores = [f"store-replaced/cp-helm-charts/data-cp-helm-charts-cp-kafka-{n}" for n in range(3)]
    assert found([site]) == stores
    assert {section(change) for change in site.changes} == {Section.STORES}
    assert outcome([site]).exit_code == 1


def test_a_renamed_host_is_told_as_access() -> None:
    site = after_setting("summit", timeseries__influxdb__host="influxdb.example.org")
    ingress = named(site, "Ingress", "influxdb/influxdb")
    assert section(ingress) == Section.ACCESS
    told = "spec.rules[0].host: influxdb-summit-efd.lsst.codes → influxdb.example.org"
    assert told in full(outcome([site]))


def test_a_right_that_a_user_gets_is_told_as_access() -> None:
    users = [{"name": "consumer", "consumes": ["lsst."], "groups": ["consumer-"]}]
    text = full(outcome([after_setting("local", streaming__kafka__users=users)]))
    access = text.partition("### 3. Access and secrets")[2].partition("### 4.")[0]
    assert "+User:consumer	ALLOW	*	READ	TOPIC	PREFIXED	lsst.\n" in access
    assert "-producer\n" in access


def test_a_removed_section_takes_its_store_and_namespace_which_are_dangers() -> None:
    site = after_removing("summit", "timeseries.chronograf")
    assert "store-deleted/chronograf/chronograf-chronograf" in found([site])
    assert named(site, "Deployment", "chronograf/chronograf-chronograf").operation == "delete"


def test_a_namespace_that_goes_is_a_danger() -> None:
    assert found([after_removing("local", "streaming.kafdrop")]) == ["namespace-deleted/kafdrop"]


def test_a_connector_of_another_name_is_a_danger() -> None:
    site = after_setting("local", streaming__connectors=[{"name": "influxdb-other"}])
    assert found([site]) == ["connector-renamed/influxdb-sink"]


def test_a_connector_more_is_none() -> None:
    both = [{"name": "influxdb-sink", "excluded": "a.*"}, {"name": "second", "topics": "a.*"}]
    site = after_setting("local", streaming__connectors=both)
    assert named(site, "Connector", "second").operation == "create"
    assert found([site]) == []


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        ("10d", ["retention-shortened/influxdb/efd/autogen/30d-to-10d"]),
        ("40d", []),
        ("forever", []),
    ],
)
def test_what_influxdb_keeps_for_less_is_a_danger(keep: str, expected: list[str]) -> None:
    efd = {"name": "efd", "retention": [{"name": "autogen", "keep": keep}]}
    databases = [efd, {"name": "telegraf"}, {"name": "chronograf"}]
    site = after_setting("local", timeseries__influxdb__databases=databases)
    assert site.changes
    assert found([site]) == expected


def test_stores_that_lose_their_protection_are_one_danger() -> None:
    site = after_setting("summit", cluster__durable=False)
    assert found([site]) == ["protection-removed"]
    assert "protected: true → false" in full(outcome([site]))


def test_a_site_that_the_program_refuses_is_told_with_its_mistake() -> None:
    site = after_setting("local", streaming__kafka__replicationFactor=5)
    report = outcome([site])
    assert report.exit_code == 1
    assert report.verdict == "Refused: local."
    assert "streaming.kafka.replicationFactor: given 5" in full(report)


def test_a_file_that_goes_removes_nothing_by_itself() -> None:
    site = compared("local", None)
    assert site.changes == ()
    assert site.is_touched
    assert "until somebody destroys its stack" in full(outcome([site]))


def test_a_change_that_is_alike_at_two_sites_is_told_once() -> None:
    image = {"kafdrop": "obsidiandynamics/kafdrop:4.2.9"}
    sites = [after_setting(name, images=image) for name in ("local", "summit")]
    text = full(outcome(sites))
    assert text.count("kafdrop:4.2.9") == 1
    assert "**update** Deployment `kafdrop/kafdrop` at `local`, `summit`" in text


def test_a_new_warning_is_told() -> None:
    site = after_setting("local", streaming__kafka__users=[])
    assert any("there are no users" in note for note in site.notes)
