"""The brokers' settings."""

from typing import Any

from efd_infra.config.kafka import KafkaSection
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.kafka import (
    KEYSTORE,
    controller_properties,
    listener_table,
    server_properties,
)
from tests.support.full_site import changed, full_site, without


def _section(**changes: object) -> KafkaSection:
    data = full_site()
    for key, value in changes.items():
        data = changed(data, f"streaming.kafka.{key}", value)
    return parse_site(data).streaming.kafka


def _settings(text: str) -> dict[str, Any]:
    return dict(line.split("=", 1) for line in text.splitlines())


def test_a_broker_more_changes_no_file() -> None:
    """A changed file restarts every broker."""
    four, five = _section(brokers=4), _section(brokers=5)
    assert server_properties(four) == server_properties(five)
    assert controller_properties(four) == controller_properties(five)
    assert listener_table(four.listeners) == listener_table(five.listeners)


def test_a_quorum_survives_the_loss_of_one_voter() -> None:
    voters = _settings(server_properties(_section(brokers=5)))["controller.quorum.voters"]
    names = [voter.partition(".")[0] for voter in voters.split(",")]
    assert names == [f"{n}@cp-helm-charts-cp-kafka-{n}" for n in range(3)]


def test_records_are_kept_by_time_alone() -> None:
    """A limit in bytes holds per partition: with a thousand topics it protects no disk."""
    settings = _settings(server_properties(_section()))
    assert settings["log.retention.ms"] == str(96 * 3_600_000)
    assert not [key for key in settings if key.endswith("retention.bytes")]


def test_a_position_outlives_the_records_in_the_unit_that_kafka_reads() -> None:
    assert _settings(server_properties(_section()))["offsets.retention.minutes"] == "14400"


def test_the_topics_that_kafka_keeps_for_itself_are_as_safe_as_the_data() -> None:
    settings = _settings(server_properties(_section(replicationFactor=3, minInSyncReplicas=2)))
    factors = {v for k, v in settings.items() if k.endswith("replication.factor")}
    in_sync = {v for k, v in settings.items() if k.endswith(("min.isr", "min.insync.replicas"))}
    assert (factors, in_sync) == ({"3"}, {"2"})


def test_no_acknowledged_record_is_given_up_for_availability() -> None:
    assert _settings(server_properties(_section()))["unclean.leader.election.enable"] == "false"


def test_a_follower_can_fetch_whatever_a_leader_accepts() -> None:
    settings = _settings(server_properties(_section(maxMessage="12Mi")))
    sizes = {settings["message.max.bytes"], settings["replica.fetch.max.bytes"]}
    assert sizes == {str(12 * 2**20)}


def test_what_only_voters_may_set_is_kept_from_the_others() -> None:
    """Kafka 4.3 warns of it on a node that is a broker alone, and 5.0 will ignore it there."""
    shared = _settings(server_properties(_section()))
    assert _settings(controller_properties(_section())) == {"default.replication.factor": "3"}
    assert "default.replication.factor" not in shared


def test_the_store_is_not_the_root_of_its_volume() -> None:
    """A new ext4 volume holds lost+found, which Kafka would take for a partition."""
    assert _settings(server_properties(_section()))["log.dirs"] == "/var/lib/kafka/data/kafka"


def test_every_listener_has_a_protocol() -> None:
    settings = _settings(server_properties(_section()))
    protocols = dict(p.split(":") for p in settings["listener.security.protocol.map"].split(","))
    assert protocols == {
        "CONTROLLER": "SASL_PLAINTEXT",
        "REPLICATION": "SASL_PLAINTEXT",
        "INTERNAL": "SASL_PLAINTEXT",
        "SERVICES": "SASL_PLAINTEXT",
        "EXTERNAL": "SASL_SSL",
    }
    assert settings["inter.broker.listener.name"] == "REPLICATION"


def test_only_the_contract_s_listener_may_be_anonymous() -> None:
    anonymous = _section(internal={"anonymous": True, "namespaces": ["sal"]})
    settings = _settings(server_properties(anonymous))
    protocols = dict(p.split(":") for p in settings["listener.security.protocol.map"].split(","))
    assert [name for name, p in protocols.items() if p == "PLAINTEXT"] == ["INTERNAL"]
    assert not [key for key in settings if key.startswith("listener.name.internal.")]


def test_buffers_are_left_to_the_system() -> None:
    """Kafka's 100 KiB carry 0.7 MB/s to a mirror that is 150 ms away."""
    settings = _settings(server_properties(_section()))
    sides = ("send", "receive")
    assert {settings[f"socket.{side}.buffer.bytes"] for side in sides} == {"-1"}


def test_whoever_is_not_granted_something_is_denied_it() -> None:
    settings = _settings(server_properties(_section()))
    assert settings["authorizer.class.name"].endswith(".StandardAuthorizer")
    assert settings["allow.everyone.if.no.acl.found"] == "false"


def test_only_the_brokers_themselves_are_above_the_rules() -> None:
    """Those of this generation, of the last and of the next: they restart one by one."""
    settings = _settings(server_properties(_section()))
    assert settings["super.users"] == "User:broker-2;User:broker-3;User:broker-4"
    first = _settings(server_properties(_section(loginGeneration=1)))
    assert first["super.users"] == "User:broker-1;User:broker-2"


def test_brokers_log_in_where_no_user_can() -> None:
    settings = _settings(server_properties(_section()))
    enabled = {k.split(".")[2]: v for k, v in settings.items() if k.endswith("enabled.mechanisms")}
    assert enabled == {
        "controller": "PLAIN",
        "replication": "PLAIN",
        "internal": "SCRAM-SHA-512",
        "services": "SCRAM-SHA-512",
        "external": "SCRAM-SHA-512",
    }


def test_no_password_stands_in_the_file() -> None:
    settings = _settings(server_properties(_section()))
    assert not [key for key in settings if key.endswith("plain.sasl.jaas.config")]


def test_outside_a_login_by_scram_is_the_only_one() -> None:
    settings = _settings(server_properties(_section()))
    prefix = "listener.name.external."
    external = {k.removeprefix(prefix): v for k, v in settings.items() if k.startswith(prefix)}
    assert external["sasl.enabled.mechanisms"] == "SCRAM-SHA-512"
    assert external["scram-sha-512.sasl.jaas.config"].endswith(".ScramLoginModule required;")
    assert external["ssl.keystore.type"] == "PEM"
    assert external["ssl.keystore.location"] == KEYSTORE


def test_a_changed_password_ends_connections_within_the_hour() -> None:
    settings = _settings(server_properties(_section()))
    key = "listener.name.external.scram-sha-512.connections.max.reauth.ms"
    assert settings[key] == "3600000"


def test_without_an_external_listener_nothing_is_said_of_one() -> None:
    site = without(full_site(), "streaming.kafka.external", "streaming.kafka.users")
    text = server_properties(parse_site(site).streaming.kafka)
    assert "external" not in text.lower()
    assert "StandardAuthorizer" in text, "the rules hold all the same"
