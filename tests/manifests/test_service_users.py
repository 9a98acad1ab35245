"""The users of the program's own services: the least that each needs."""

from typing import Any

import pytest

from efd_infra.config.parsing import parse_site
from efd_infra.manifests.kafka_users import KafkaUser, user_rules
from efd_infra.manifests.service_users import service_users
from tests.support.full_site import at, changed, full_site, mirroring_schemas, without

_SITE = parse_site(full_site())
_USERS = {service.user.name: service.user for service in service_users(_SITE)}


def _rules(user: KafkaUser) -> list[str]:
    """Return the rules of a user without what is the same in all."""
    head = f"User:{user.name} ALLOW * "
    lines = [line.replace("\t", " ") for line in user_rules([user]).splitlines()]
    assert all(line.startswith(head) for line in lines)
    return [line.removeprefix(head) for line in lines]


def test_every_service_that_dials_kafka_has_a_user_of_its_own() -> None:
    assert sorted(_USERS) == [
        "efd-backup",
        "efd-connect",
        "efd-connect-manager",
        "efd-kafdrop",
        "efd-mirror-maker",
        "efd-restore",
        "efd-schema-registry",
        "efd-sink-influxdb-two",
    ]


def test_what_a_site_does_not_have_has_no_user() -> None:
    site = without(
        full_site(), "streaming.kafdrop", "replication", "streaming.connectors.1", "backup"
    )
    names = {service.user.name for service in service_users(parse_site(site))}
    assert names == {"efd-connect", "efd-connect-manager", "efd-schema-registry"}


@pytest.mark.parametrize("name", _USERS)
def test_no_service_may_do_everything_or_administer(name: str) -> None:
    """``All`` on ``*`` is the brokers' own."""
    words = {word for rule in _rules(_USERS[name]) for word in rule.split()[:2]}
    assert not {"ALL", "CLUSTER_ACTION", "DELETE"} & words
    changing = {r.split()[0] for r in _rules(_USERS[name]) if r.split()[1] == "CLUSTER"}
    assert changing <= {"DESCRIBE", "DESCRIBE_CONFIGS"}


@pytest.mark.parametrize("name", sorted(set(_USERS) - {"efd-kafdrop", "efd-backup", "efd-restore"}))
def test_only_the_page_that_shows_all_topics_sees_all(name: str) -> None:
    assert not [rule for rule in _rules(_USERS[name]) if rule.endswith("LITERAL *")]


def test_a_backup_reads_settings_and_schemas_and_no_other_record() -> None:
    reading = {rule for rule in _rules(_USERS["efd-backup"]) if "DESCRIBE" not in rule}
    assert reading == {"READ TOPIC LITERAL _schemas", "READ GROUP LITERAL efd-backup"}


def test_a_restore_makes_topics_and_writes_schemas_and_no_other_record() -> None:
    writing = {rule for rule in _rules(_USERS["efd-restore"]) if "DESCRIBE" not in rule}
    assert writing == {
        "CREATE TOPIC LITERAL *",
        "READ TOPIC LITERAL _schemas",
        "WRITE TOPIC LITERAL _schemas",
        "READ GROUP LITERAL efd-restore",
    }


def test_the_page_of_topics_changes_nothing() -> None:
    operations = {rule.split()[0] for rule in _rules(_USERS["efd-kafdrop"])}
    assert operations == {"DESCRIBE", "DESCRIBE_CONFIGS", "READ"}


def _registry(*, may_write: bool) -> list[str]:
    section = at(full_site(), "streaming.schemaRegistry") | {"mayWrite": may_write}
    if not may_write:
        section = {key: section[key] for key in section.keys() - {"compatibility", "mode"}}
    site = parse_site(changed(full_site(), "streaming.schemaRegistry", section))
    (user,) = [s.user for s in service_users(site) if s.user.name == "efd-schema-registry"]
    return _rules(user)


def test_a_registry_that_may_not_write_cannot() -> None:
    """A defect of the original: a mirror's registry could write into the mirrored schemas."""
    assert _registry(may_write=False) == [
        "DESCRIBE GROUP PREFIXED schema-registry",
        "DESCRIBE TOPIC PREFIXED _schemas",
        "READ GROUP PREFIXED schema-registry",
        "READ TOPIC PREFIXED _schemas",
    ]


def test_a_registry_that_may_write_makes_its_topic() -> None:
    on_topic = {rule.split()[0] for rule in _registry(may_write=True) if " TOPIC " in rule}
    assert on_topic == {"CREATE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE"}


def test_a_sink_reads_its_topics_in_its_group() -> None:
    assert _rules(_USERS["efd-sink-influxdb-two"]) == [
        "DESCRIBE GROUP LITERAL connect-influxdb-two",
        "DESCRIBE TOPIC PREFIXED lsst.sal.D",
        "READ GROUP LITERAL connect-influxdb-two",
        "READ TOPIC PREFIXED lsst.sal.D",
    ]


def test_the_connect_manager_sees_the_topics_and_reads_none() -> None:
    assert _rules(_USERS["efd-connect-manager"]) == ["DESCRIBE TOPIC PREFIXED lsst.sal.A"]


def _mirror(site: dict[str, Any]) -> list[str]:
    users = service_users(parse_site(site))
    (user,) = [each.user for each in users if each.user.name == "efd-mirror-maker"]
    return _rules(user)


def test_a_mirror_writes_what_it_mirrors_and_its_own() -> None:
    own = {"mm2-", "heartbeats", "origin."}
    written = {rule.split()[-1] for rule in _mirror(full_site()) if rule.startswith("WRITE")}
    assert written == own | {"lsst.sal.B", "lsst.sal.C"}
    more = {rule.split()[-1] for rule in _mirror(mirroring_schemas()) if rule.startswith("WRITE")}
    assert more - written == {"_schemas", "origin-schemas."}


def test_a_mirror_reads_no_records_here_but_schemas() -> None:
    """Whether they have arrived is what the workers of the records wait for."""
    rules = _mirror(mirroring_schemas())
    read = {rule.split()[-1] for rule in rules if rule.startswith("READ TOPIC")}
    assert read == {"mm2-", "heartbeats", "origin.", "origin-schemas.", "_schemas"}


def test_one_number_renews_every_service_s_password() -> None:
    assert {user.generation for user in _USERS.values()} == {3}
