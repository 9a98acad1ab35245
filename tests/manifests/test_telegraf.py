"""Telegraf's settings."""

import tomllib
from typing import Any

from efd_infra.config.contract import KAFKA_CONNECT, ServiceAddress, jmx_service
from efd_infra.config.monitoring import MonitoringSection
from efd_infra.config.published_name import PublishedName
from efd_infra.config.values import Duration
from efd_infra.manifests.alerts.rules import every_rule
from efd_infra.manifests.telegraf import broker_url, telegraf_conf
from tests.support.site_case import FULL


def _text(
    section: MonitoringSection | None = None,
    scraped: tuple[ServiceAddress, ...] = (jmx_service(KAFKA_CONNECT),),
    names: tuple[PublishedName, ...] = (),
) -> str:
    return telegraf_conf(
        section or MonitoringSection(),
        influxdb_url="http://influxdb.influxdb:8086",
        brokers=[broker_url(0), broker_url(1)],
        scraped=scraped,
        names=names,
        credentials_dir="/etc/efd/influxdb",
    )


def _settings(section: MonitoringSection | None = None) -> dict[str, Any]:
    return tomllib.loads(_text(section))


def test_every_pod_behind_a_service_is_scraped() -> None:
    *_, pods = _settings()["inputs"]["prometheus"]
    assert "urls" not in pods, "an ordinary address reaches one pod at random"
    assert pods["kubernetes_services"] == [
        "http://cp-helm-charts-cp-kafka-connect-jmx.cp-helm-charts:5556/metrics"
    ]


def test_brokers_are_known_by_their_numbers() -> None:
    """An address is another one after each restart, and would begin new series of everything."""
    first, second, _ = _settings()["inputs"]["prometheus"]
    assert first["urls"] == [
        (
            "http://cp-helm-charts-cp-kafka-0.cp-helm-charts-cp-kafka-headless.cp-helm-charts:5556"
            "/metrics"
        )
    ]
    assert [first["tags"], second["tags"]] == [{"broker": "0"}, {"broker": "1"}]


def test_each_certificate_is_looked_at_under_the_name_that_clients_know() -> None:
    """A broker is asked inside the cluster, where it has another name."""
    name = PublishedName(
        host="kafka-0.example.org", leads_to=("nodes",), shown_at=("tcp://kafka-0.headless:19092",)
    )
    (watch,) = tomllib.loads(_text(names=(name,)))["inputs"]["x509_cert"]
    assert watch["sources"] == ["tcp://kafka-0.headless:19092"]
    assert watch["server_name"] == "kafka-0.example.org"
    assert watch["tags"] == {"host": "kafka-0.example.org"}


def test_certificates_are_looked_at_at_least_twice_between_two_alerts() -> None:
    name = PublishedName(host="a.example.org", leads_to=(), shown_at=("https://a.example.org",))
    (watch,) = tomllib.loads(_text(names=(name,)))["inputs"]["x509_cert"]
    assert watch["interval"] == "600s"
    (rule,) = [r for r in every_rule(FULL.site) if r.signal.name == "certificate-expiry"]
    assert rule.period == 3 * 600, "or a missed look would be no data"


def test_no_database_is_created_by_the_way() -> None:
    (output,) = _settings()["outputs"]["influxdb"]
    assert output["skip_database_creation"] is True, "its user may not"


def test_credentials_are_read_from_files() -> None:
    (output,) = _settings()["outputs"]["influxdb"]
    assert output["username"] == "@{influxdb:username}"
    assert output["password"] == "@{influxdb:password}"  # noqa: S105 -- a reference
    (store,) = _settings()["secretstores"]["docker"]
    assert store == {"id": "influxdb", "path": "/etc/efd/influxdb"}


def test_a_new_pod_makes_no_new_series() -> None:
    assert _settings()["agent"]["omit_hostname"] is True


def test_jitter_is_shorter_than_the_interval() -> None:
    agent = _settings(MonitoringSection(interval=Duration("60s")))["agent"]
    assert agent["interval"] == agent["flush_interval"] == "60s"
    assert agent["collection_jitter"] == agent["flush_jitter"] == "10000ms"


def test_it_is_unwell_before_its_buffer_overflows() -> None:
    settings = _settings()
    (health,) = settings["outputs"]["health"]
    (compare,) = health["compares"]
    limit = settings["agent"]["metric_buffer_limit"]
    assert isinstance(limit, int)
    assert 0 < compare["lt"] < limit, "operators must see it before metrics are lost"
