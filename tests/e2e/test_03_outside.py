"""A client outside the cluster's network: where the brokers say they are, and who may enter."""

import socket
from dataclasses import replace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from devkit.traffic import kept
from devkit.traffic.access import Kafka
from tests.e2e.load import load
from tests.e2e.refusals import quiet, refusals
from tests.e2e.report import Report
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e

BROKERS = {n: f"kafka-{n}.e2e-summit.test:{31090 + n}" for n in range(3)}
"""What the site file says, word for word."""


def metadata(settings: dict[str, Any]) -> dict[int, str]:
    """Return what the brokers say of themselves: address by broker."""
    silent: Any = settings | {"logger": quiet}
    found = AdminClient(silent).list_topics(timeout=10)
    return {broker.id: f"{broker.host}:{broker.port}" for broker in found.brokers.values()}


def test_brokers_advertise_exactly_what_the_site_says(summit: Stand, report: Report) -> None:
    seen = metadata(summit.outside("sal").settings)
    assert seen == BROKERS
    report.add("3", "brokers at exactly their advertised address", len(seen), aim=len(BROKERS))


@pytest.mark.parametrize("broker", sorted(BROKERS))
def test_each_broker_answers_at_its_own_address(summit: Stand, broker: int) -> None:
    at_broker = replace(summit.outside("sal"), bootstrap=BROKERS[broker])
    assert metadata(at_broker.settings) == BROKERS


def test_records_go_out_and_come_back(summit: Stand, report: Report) -> None:
    with load(summit, "outside", "--seed=31", "--csc", "Outside", "--duration=3") as producer:
        ledger = producer.finish()
    back = kept.check(summit.outside("notebooks"), ledger)
    report.add("3", "records out and back over SASL_SSL", back.kept, aim=back.acknowledged)
    assert back.kept > 0
    assert back.complete, "\n".join(back.lines())


def test_a_wrong_password_is_refused(summit: Stand, report: Report) -> None:
    settings = replace(summit.outside("sal"), password="guessed").settings  # noqa: S106
    assert any(e.code() == KafkaError._AUTHENTICATION for e in refusals(settings))  # noqa: SLF001
    report.add("3", "wrong password", "refused", aim="refused")


def test_no_password_is_refused(summit: Stand, report: Report) -> None:
    settings = replace(summit.outside("sal"), user="").settings
    _assert_shut(settings)
    report.add("3", "no password", "refused", aim="refused")


def test_plain_text_is_refused(summit: Stand, report: Report) -> None:
    _assert_shut(Kafka(summit.bootstrap).settings)
    report.add("3", "plain text", "refused", aim="refused")


def test_a_name_that_the_certificate_lacks_is_refused(summit: Stand, report: Report) -> None:
    node = summit.site.at.node
    settings = replace(summit.outside("sal"), bootstrap=f"{node}:31090").settings
    said = [e.str() for e in refusals(settings)]
    assert any("certificate verify failed" in each for each in said), said
    report.add("3", "wrong certificate name", "refused", aim="refused")


@pytest.mark.parametrize("port", [9092, 9093, 19092, 8083, 8086])
def test_nothing_else_listens_on_the_node(summit: Stand, port: int) -> None:
    node = summit.site.at.node
    with socket.socket() as client:
        client.settimeout(2)
        assert client.connect_ex((node, port)) != 0


def _assert_shut(settings: dict[str, Any]) -> None:
    with pytest.raises(KafkaException, match="_TRANSPORT"):
        metadata(settings)
