"""The Connect workers' settings, and what the Connect manager is told."""

import json
import re
from pathlib import PurePosixPath

import pytest

from efd_infra.config.connect import ConnectSection
from efd_infra.config.parsing import parse_site
from efd_infra.config.sal import SAL_TOPICS
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Name, Quantity
from efd_infra.manifests.connect import (
    SECRETS_DIR,
    plugin_list,
    secret_reference,
    worker_properties,
)
from efd_infra.manifests.connectors import error_settings, influxdb_sink_environment
from efd_infra.manifests.kafka_client import LOGIN_DIR
from tests.support.full_site import changed, full_site


def _settings(section: ConnectSection | None = None) -> dict[str, str]:
    text = worker_properties(
        section or ConnectSection(),
        bootstrap="kafka:9092",
        replication_factor=2,
        max_message=Quantity("11Mi"),
    )
    return dict(line.split("=", 1) for line in text.splitlines())


def _environment(**changes: object) -> dict[str, str]:
    data = full_site()
    for key, value in changes.items():
        data = changed(data, f"streaming.connectors.0.{key}", value)
    section: InfluxDbSinkSection = parse_site(data).streaming.connectors[0]
    return influxdb_sink_environment(
        section,
        bootstrap="kafka:9092",
        connect_url="http://connect:8083",
        influxdb_url="http://influxdb:8086",
    )


def test_workers_go_on_where_the_original_s_stopped() -> None:
    """Positions and connectors are kept in topics of these names."""
    settings = _settings()
    assert settings["group.id"] == "cp-helm-charts"
    assert [settings[f"{kind}.storage.topic"] for kind in ("config", "offset", "status")] == [
        "cp-helm-charts-cp-kafka-connect-config",
        "cp-helm-charts-cp-kafka-connect-offset",
        "cp-helm-charts-cp-kafka-connect-status",
    ]


def test_no_topic_of_the_workers_has_fewer_copies_than_the_data() -> None:
    factors = [v for k, v in _settings().items() if k.endswith("replication.factor")]
    assert factors == ["2", "2", "2"]


def test_a_configuration_with_a_clause_per_topic_can_be_stored() -> None:
    """The internal topics are written with the worker's own settings, connectors' are not."""
    settings = _settings()
    sizes = (settings["max.request.size"], settings["producer.max.request.size"])
    assert sizes == (str(11 * 2**20),) * 2


def test_a_worker_names_no_host_for_itself() -> None:
    """It then gives the others its pod's address; a pod's name resolves in the pod alone."""
    assert _settings()["listeners"] == "http://:8083"
    assert not [key for key in _settings() if "advertised" in key]


def test_records_are_read_as_the_registry_says_once_it_says_something() -> None:
    """Beside each worker stands what waits for the registry; the converter does not."""
    settings = _settings()
    for part in ("key", "value"):
        assert settings[f"{part}.converter"].endswith(".AvroConverter")
        assert settings[f"{part}.converter.schema.registry.url"] == "http://127.0.0.1:8084"


def test_a_topic_that_is_gone_is_not_made_again_by_its_reader() -> None:
    """Nor may the workers make any: without this their tasks fail until the list is current."""
    assert _settings()["consumer.allow.auto.create.topics"] == "false"


def test_fetched_plugins_are_found_beside_those_of_the_image() -> None:
    section = parse_site(full_site()).streaming.connect
    assert section is not None
    assert _settings()["plugin.path"] == "/opt/kafka/plugins"
    assert _settings(section)["plugin.path"] == "/opt/kafka/plugins,/opt/efd/plugins"


@pytest.mark.parametrize(
    ("mirror", "address"),
    [
        (None, "https://plugins.example.org/debezium-connector-jdbc-3.4.3.Final-plugin.tar.gz"),
        (
            "https://mirror.example.org/files/",
            "https://mirror.example.org/files/debezium-connector-jdbc-3.4.3.Final-plugin.tar.gz",
        ),
    ],
)
def test_a_site_s_mirror_takes_the_place_of_a_publisher(mirror: str | None, address: str) -> None:
    site = parse_site(changed(full_site(), "images.artifactMirror", mirror))
    assert site.streaming.connect is not None
    line, _ = plugin_list(site.streaming.connect, site.images).splitlines()
    assert line == f"jdbc-sink {'e' * 64} {address}"
    assert site.images.address(site.images.jmx_exporter).startswith(mirror or "https://mirror")


def test_the_provider_of_secrets_sees_them_and_nothing_else() -> None:
    settings = _settings()
    provider = settings["config.providers"]
    assert (
        settings[f"config.providers.{provider}.param.allowed.paths"] == f"{SECRETS_DIR},{LOGIN_DIR}"
    )
    reference = secret_reference("influxdb", "password")
    scheme, folder, key = reference.removeprefix("${").removesuffix("}").split(":")
    assert (scheme, key) == (provider, "password")
    assert PurePosixPath(SECRETS_DIR) in PurePosixPath(folder).parents


@pytest.mark.parametrize("client", ["", "producer.", "consumer.", "admin."])
def test_a_worker_and_each_client_that_it_makes_log_in(client: str) -> None:
    settings = _settings()
    assert settings[f"{client}security.protocol"] == "SASL_PLAINTEXT"
    assert settings[f"{client}sasl.mechanism"] == "SCRAM-SHA-512"
    assert f"${{directory:{LOGIN_DIR}:password}}" in settings[f"{client}sasl.jaas.config"]


def test_no_user_or_password_stands_in_a_connector() -> None:
    environment = _environment()
    for key in ("USERNAME", "PASSWORD"):
        value = environment[f"KAFKA_CONNECT_INFLUXDB_{key}"]
        assert re.fullmatch(r"\$\{directory:/etc/efd/secrets/influxdb:[a-z]+\}", value), value


@pytest.mark.parametrize(
    ("topic", "taken"),
    [
        ("lsst.sal.MTM2.position", True),
        ("lsst.sal.MTM2.position.copy\n", False),
        ("lsstXsalXMTM2.position", False),
        ("old.lsst.sal.MTM2.position", False),
    ],
)
def test_a_topic_pattern_means_the_whole_name_to_the_manager(topic: str, taken: bool) -> None:  # noqa: FBT001 -- a case
    r"""The manager only looks for a beginning: ``lsst.sal.MTM2.*`` took too much."""
    pattern = _environment(topics=r"lsst\.sal\.MTM2\.[a-z]+")["KAFKA_CONNECT_TOPIC_REGEX"]
    assert bool(re.compile(pattern).match(topic)) == taken


def test_a_choice_of_patterns_stays_one_pattern() -> None:
    pattern = _environment(topics=r"a\.b|c\.d")["KAFKA_CONNECT_TOPIC_REGEX"]
    assert [bool(re.match(pattern, topic)) for topic in ("a.b", "c.d", "a.bX")] == [
        True,
        True,
        False,
    ]


def test_nothing_excluded_excludes_nothing() -> None:
    """The manager's own default is the empty pattern, which it takes for none."""
    assert "KAFKA_CONNECT_EXCLUDED_TOPIC_REGEX" not in _environment(excluded=None)


def test_records_that_influxdb_cannot_take_wait_unless_the_site_says_otherwise() -> None:
    assert InfluxDbSinkSection.model_fields["on_error"].default == "retry"
    assert _environment(onError="retry")["KAFKA_CONNECT_ERROR_POLICY"] == "RETRY"
    assert _environment(onError="skip")["KAFKA_CONNECT_ERROR_POLICY"] == "NOOP"


def test_the_manager_is_given_whole_numbers() -> None:
    environment = _environment(checkInterval="20s", tasks=3)
    keys = ("CHECK_INTERVAL", "TASKS_MAX", "MAX_RETRIES", "RETRY_INTERVAL")
    numbers = [environment[f"KAFKA_CONNECT_{key}"] for key in keys]
    assert numbers == ["20000", "3", "10", "60000"]


def test_a_record_that_cannot_be_read_is_kept_with_the_reason() -> None:
    settings = json.loads(error_settings(InfluxDbSinkSection(name=Name("a")), replication_factor=3))
    assert settings["errors.tolerance"] == "all"
    assert settings["errors.deadletterqueue.topic.name"] == "dead-letter.a"
    assert settings["errors.deadletterqueue.topic.replication.factor"] == 3
    assert settings["errors.deadletterqueue.context.headers.enable"] is True
    assert settings["errors.log.include.messages"] is False, "logs are kept elsewhere, for longer"


def test_what_may_pass_is_no_dead_letter() -> None:
    settings = json.loads(error_settings(InfluxDbSinkSection(name=Name("a")), replication_factor=3))
    assert settings["errors.retry.timeout"] == -1, "for ever"


def test_dead_letters_have_no_name_of_the_sal() -> None:
    assert not SAL_TOPICS.matches(InfluxDbSinkSection(name=Name("a")).dead_letter_topic)
