"""MirrorMaker 2's settings."""

import re

from efd_infra.config.link import Link
from efd_infra.config.parsing import parse_site
from efd_infra.config.replication import ReplicationSection
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.mirror_maker import SOURCE_LOGIN_DIR, mirror_maker_properties, window
from tests.support.full_site import changed, mirroring_schemas


def _section(**changes: object) -> ReplicationSection:
    data = mirroring_schemas()
    for key, value in changes.items():
        data = changed(data, f"replication.{key}", value)
    section = parse_site(data).replication
    assert section is not None
    return section


def _rendered(section: ReplicationSection, link: Link) -> dict[str, str]:
    text = mirror_maker_properties(section, link, target="here", target_bootstrap="kafka:9092")
    return dict(line.split("=", 1) for line in text.splitlines())


def _settings(**changes: object) -> dict[str, str]:
    """Return the settings of the link of the data."""
    section = _section(**changes)
    return _rendered(section, section.data_link)


def test_the_two_links_share_no_group_and_no_topic() -> None:
    """Links with one alias would be one Connect cluster, with the settings of the last to start."""
    section = _section()
    aliases = []
    for link in section.links:
        settings = _rendered(section, link)
        source, target = settings["clusters"].split(",")
        assert settings[f"{source}.bootstrap.servers"] == section.bootstrap
        assert settings[f"{source}->{target}.enabled"] == "true"
        overridden = ("group.id", "storage.topic")
        assert not [key for key in settings if key.endswith(overridden)], "names are derived"
        aliases.append(source)
    assert len(set(aliases)) == 2


def test_each_topic_has_one_link() -> None:
    section = _section()
    schemas, data = (
        _rendered(section, link)[f"{link.alias}->here.topics"] for link in section.links
    )
    assert schemas == "_schemas"
    assert data.split(",") == [pattern.replace("\\", "\\\\") for pattern in section.topics]


def test_one_link_alone_writes_heartbeats() -> None:
    section = _section()
    written = [
        _rendered(section, link)[f"{link.alias}->here.emit.heartbeats.enabled"]
        for link in section.links
    ]
    assert written == ["false", "true"]


def test_names_stay_as_they_are() -> None:
    policy = _settings()["replication.policy.class"]
    assert policy == "org.apache.kafka.connect.mirror.IdentityReplicationPolicy"


def test_records_are_not_interpreted() -> None:
    settings = _settings()
    converters = {settings[f"{part}.converter"] for part in ("key", "value", "header")}
    assert converters == {"org.apache.kafka.connect.converters.ByteArrayConverter"}


def test_nothing_is_written_to_the_source() -> None:
    """Heartbeats and offset syncs go there by default, with three topics for each worker."""
    settings = _settings()
    assert settings["here->origin.enabled"] == "false"
    assert settings["here->origin.emit.heartbeats.enabled"] == "false"
    assert settings["origin->here.offset-syncs.topic.location"] == "target"
    assert not [key for key in settings if key.startswith("origin.producer.")]


def test_every_topic_here_has_the_copies_that_the_site_asks_for() -> None:
    """The original left it to the default of two."""
    settings = _settings(replicationFactor=3)
    factors = {k: v for k, v in settings.items() if k.endswith("replication.factor")}
    assert set(factors.values()) == {"3"}
    assert {"origin->here.replication.factor", "offset.storage.replication.factor"} <= set(factors)


def test_users_of_the_source_are_not_copied() -> None:
    assert _settings()["origin->here.sync.topic.acls.enabled"] == "false"


def test_a_new_topic_is_found_in_the_time_that_the_site_says() -> None:
    assert _settings(refresh="60s")["origin->here.refresh.topics.interval.seconds"] == "60"


def test_patterns_survive_the_properties_format() -> None:
    """It takes one backslash away; a pattern without it matches any character for a dot."""
    topics = _settings(topics=[r"lsst\.sal\..*"])["origin->here.topics"]
    assert topics.replace("\\\\", "\\") == r"lsst\.sal\..*"


def test_one_partition_can_fill_the_link() -> None:
    """150 ms at 10 MB/s: 1.5 MB are under way, and one answer is at a time."""
    changes = {"maxMessage": "1Mi", "rate": "10MB/s"}
    settings = _settings(**changes)
    assert window(_section(**changes)) == 1_500_000
    assert int(settings["origin.consumer.max.partition.fetch.bytes"]) == 1_500_000
    assert int(settings["origin.consumer.fetch.max.bytes"]) >= 1_500_000
    assert settings["origin.consumer.receive.buffer.bytes"] == "-1"


def test_the_largest_record_of_the_source_gets_through() -> None:
    settings = _settings(maxMessage="9Mi")
    assert settings["here.producer.max.request.size"] == str(9 * 2**20)
    assert int(settings["origin.consumer.max.partition.fetch.bytes"]) >= 9 * 2**20


def test_several_workers_can_hand_each_other_tasks() -> None:
    settings = _settings(workers=3)
    assert settings["dedicated.mode.enable.internal.rest"] == "true"
    assert settings["listeners"] == "http://:8083", "without a host it is the pod's own address"


def test_whatever_speaks_to_the_source_logs_in() -> None:
    """Under the cluster's name the settings reach consumers and admin clients alike."""
    settings = _settings()
    assert settings["origin.security.protocol"] == "SASL_SSL"
    assert settings["origin.sasl.mechanism"] == "SCRAM-SHA-512"


def test_whatever_speaks_to_this_site_logs_in_as_another_user() -> None:
    settings = _settings()
    assert settings["here.security.protocol"] == "SASL_PLAINTEXT"
    assert LOGIN_DIR in settings["here.sasl.jaas.config"]


def test_the_login_is_a_reference_that_each_worker_replaces() -> None:
    """MirrorMaker keeps its settings in a topic that everybody here can read."""
    settings = _settings()
    assert settings["origin.sasl.jaas.config"] == (
        "org.apache.kafka.common.security.scram.ScramLoginModule required "
        'username="${directory:/etc/efd/source-login:username}" '
        'password="${directory:/etc/efd/source-login:password}";'
    )
    assert settings["config.providers"] == "directory"
    assert settings["config.providers.directory.param.allowed.paths"] == (
        f"{SOURCE_LOGIN_DIR},{LOGIN_DIR}"
    )


def test_only_an_authority_that_java_does_not_know_is_named() -> None:
    private = _settings(login={"secret": "s", "privateCa": True})
    assert private["origin.ssl.truststore.type"] == "PEM"
    assert private["origin.ssl.truststore.location"] == f"{SOURCE_LOGIN_DIR}/ca.crt"
    public = _settings(login={"secret": "s"})
    assert not [key for key in public if "truststore" in key]


def test_aggregates_of_the_source_stay_there() -> None:
    """Their schemas have numbers of a registry that is not mirrored; MirrorMaker's own stay too."""
    excluded = _settings()["origin->here.topics.exclude"].replace(r"\\", "\\").split(",")

    def is_excluded(topic: str) -> bool:
        return any(re.fullmatch(pattern, topic) for pattern in excluded)

    assert is_excluded("lsst.sal.MTMount.azimuth-aggregated")
    assert is_excluded("_aggregated-schemas")
    assert is_excluded("kafka-aggregator-windows-changelog")
    assert is_excluded("__consumer_offsets")
    assert is_excluded("mm2-offset-syncs.origin.internal")
    assert not is_excluded("lsst.sal.MTMount.azimuth")
