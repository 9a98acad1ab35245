"""The users of the program's own services: the least that each needs."""

from typing import Any

import pytest

from efd_infra.config.parsing import parse_site
from efd_infra.manifests.kafka_users import KafkaUser, user_rules
from efd_infra.manifests.service_users import AGGREGATOR, service_users
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
        "efd-aggregated-schema-registry",
        "efd-backup",
        "efd-connect",
        "efd-connect-manager",
        "efd-kafdrop",
        "efd-kafka-aggregator",
        "efd-mirror-maker",
        "efd-restore",
        "efd-schema-registry",
        "efd-sink-influxdb-three",
        "efd-sink-influxdb-two",
    ]


def test_what_a_site_does_not_have_has_no_user() -> None:
    site = without(
        full_site(),
        "streaming.kafdrop",
        "replication",
        "streaming.connectors.2",
        "streaming.connectors.1",
        "streaming.aggregation",
        "archive",
        "backup",
    )
    names = {service.user.name for service in service_users(parse_site(site))}
    assert names == {"efd-connect", "efd-connect-manager", "efd-schema-registry"}


@pytest.mark.parametrize("name", _USERS)
def test_no_service_may_do_everything_or_administer(name: str) -> None:
    """``All`` on ``*`` is the brokers' own."""
    deleting = {"DELETE TOPIC PREFIXED kafka-aggregator-"} if name == AGGREGATOR else set()
    words = {word for rule in {*_rules(_USERS[name])} - deleting for word in rule.split()[:2]}
    assert not {"ALL", "CLUSTER_ACTION", "DELETE"} & words
    changing = {r.split()[0] for r in _rules(_USERS[name]) if r.split()[1] == "CLUSTER"}
    assert changing <= {"DESCRIBE", "DESCRIBE_CONFIGS"}


@pytest.mark.parametrize("name", sorted(set(_USERS) - {"efd-kafdrop", "efd-backup", "efd-restore"}))
def test_only_the_page_that_shows_all_topics_sees_all(name: str) -> None:
    assert not [rule for rule in _rules(_USERS[name]) if rule.endswith("LITERAL *")]


def test_a_backup_reads_settings_and_schemas_and_no_other_record() -> None:
    reading = {rule for rule in _rules(_USERS["efd-backup"]) if "DESCRIBE" not in rule}
    assert reading == {
        "READ TOPIC LITERAL _schemas",
        "READ TOPIC LITERAL _aggregated-schemas",
        "READ GROUP LITERAL efd-backup",
    }


def test_a_restore_makes_topics_and_writes_schemas_and_no_other_record() -> None:
    writing = {rule for rule in _rules(_USERS["efd-restore"]) if "DESCRIBE" not in rule}
    assert writing == {
        "CREATE TOPIC LITERAL *",
        "READ TOPIC LITERAL _schemas",
        "WRITE TOPIC LITERAL _schemas",
        "READ TOPIC LITERAL _aggregated-schemas",
        "WRITE TOPIC LITERAL _aggregated-schemas",
        "READ GROUP LITERAL efd-restore",
    }


def _aggregator(topics: str) -> list[str]:
    site = parse_site(changed(full_site(), "streaming.aggregation.topics", topics))
    (user,) = [s.user for s in service_users(site) if s.user.name == AGGREGATOR]
    return _rules(user)


def test_the_aggregator_reads_its_topics_and_writes_behind_their_names() -> None:
    """Kafka knows beginnings of names and no ends: the topics themselves are among these."""
    assert [rule for rule in _aggregator(r"lsst\.sal\.I.*") if "kafka-aggregator" not in rule] == [
        "CREATE TOPIC PREFIXED lsst.sal.I",
        "DESCRIBE TOPIC PREFIXED lsst.sal.I",
        "READ TOPIC PREFIXED lsst.sal.I",
        "WRITE TOPIC PREFIXED lsst.sal.I",
    ]


def test_the_aggregator_cannot_write_the_one_topic_that_it_reads() -> None:
    rules = _aggregator(r"lsst\.sal\.I\.a")
    writing = {rule for rule in rules if rule.startswith(("WRITE TOPIC L", "CREATE TOPIC L"))}
    assert {rule.split()[-1] for rule in writing} == {
        "lsst.sal.I.a-aggregated",
        "dead-letter.kafka-aggregator",
    }
    assert "READ TOPIC LITERAL lsst.sal.I.a" in rules


def test_the_aggregator_has_what_kafka_streams_needs_of_its_own() -> None:
    """Tried with Kafka Streams 4.3.1 at a broker that refuses all else."""
    own = [
        r for r in _rules(_USERS[AGGREGATOR]) if "PREFIXED kafka-aggregator-" in r or "GROUP" in r
    ]
    assert own == [
        "CREATE TOPIC PREFIXED kafka-aggregator-",
        "DELETE TOPIC PREFIXED kafka-aggregator-",
        "DESCRIBE GROUP LITERAL kafka-aggregator",
        "DESCRIBE TOPIC PREFIXED kafka-aggregator-",
        "DESCRIBE TRANSACTIONAL_ID PREFIXED kafka-aggregator-",
        "READ GROUP LITERAL kafka-aggregator",
        "READ TOPIC PREFIXED kafka-aggregator-",
        "WRITE TOPIC PREFIXED kafka-aggregator-",
        "WRITE TRANSACTIONAL_ID PREFIXED kafka-aggregator-",
    ]


def test_the_two_registries_cannot_touch_each_other_s_schemas() -> None:
    names = {
        name: {rule.split()[-1] for rule in _rules(_USERS[name])}
        for name in ("efd-schema-registry", "efd-aggregated-schema-registry")
    }
    assert names == {
        "efd-schema-registry": {"_schemas", "schema-registry"},
        "efd-aggregated-schema-registry": {"_aggregated-schemas", "aggregated-schema-registry"},
    }
    one, other = names.values()
    assert not [(a, b) for a in one for b in other if a.startswith(b) or b.startswith(a)]


def test_a_sink_of_aggregates_reads_what_begins_like_its_topics() -> None:
    assert _rules(_USERS["efd-sink-influxdb-three"])[1] == "DESCRIBE TOPIC PREFIXED lsst.sal.H"


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


def test_the_workers_read_what_is_archived_and_write_its_dead_letters() -> None:
    rules = _rules(_USERS["efd-connect"])
    assert {rule for rule in rules if "parquet-files" in rule or "sal.K" in rule} == {
        "DESCRIBE TOPIC PREFIXED lsst.sal.K",
        "READ TOPIC PREFIXED lsst.sal.K",
        *(
            f"{right}{name}"
            for name in ("parquet-files", "parquet-files-statistics")
            for right in (
                "DESCRIBE GROUP LITERAL connect-",
                "READ GROUP LITERAL connect-",
                "CREATE TOPIC LITERAL dead-letter.",
                "DESCRIBE TOPIC LITERAL dead-letter.",
                "WRITE TOPIC LITERAL dead-letter.",
            )
        ),
    }


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


def test_the_database_s_sink_may_read_the_statistics_of_the_one_topic_that_it_names() -> None:
    site = changed(full_site(), "archive.database.topics", r"lsst\.sal\.MTMount\.azimuth")
    (user,) = [s.user for s in service_users(parse_site(site)) if s.user.name == "efd-connect"]
    rules = " ".join(user_rules([user]).split())
    assert "lsst.sal.MTMount.azimuth-aggregated" in rules
