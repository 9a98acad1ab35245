"""Sites whose sinks run on one engine only: the other leaves nothing behind."""

from functools import cache

from rendering.engine import run_program
from rendering.recording import Run
from rendering.resource import texts
from tests.support.full_site import full_site, unmeasured, without
from tests.support.site_case import FULL


@cache
def _without_connect() -> Run:
    connect = ("archive", "streaming.connect", "streaming.connectors.0")
    return run_program(without(full_site(), *connect))


@cache
def _without_telegraf() -> Run:
    sinks = ("streaming.connectors.2", "streaming.connectors.1")
    return run_program(without(unmeasured(full_site()), *sinks))


def test_without_connect_nothing_of_it_is_there() -> None:
    run = _without_connect()
    said = [text for resource in run.resources for _, text in texts(resource.inputs)]
    assert [text for text in said if "kafka-connect" in text] == [], "no workers, no scraping"
    assert "kafka-connect-manager" not in {n.object_name for n in run.of_kind("Namespace")}


def test_the_writer_s_password_is_where_it_is_used_only() -> None:
    for run, elsewhere in (
        (_without_connect(), {"influxdb", "telegraf"}),
        (_without_telegraf(), {"influxdb", "cp-helm-charts"}),
        (FULL.run, {"influxdb", "cp-helm-charts", "telegraf"}),
    ):
        secrets = [s for s in run.of_kind("Secret") if s.name.startswith("influxdb-efdwriter-")]
        assert {secret.namespace for secret in secrets} == elsewhere


def test_a_sink_needs_no_monitoring() -> None:
    run = run_program(unmeasured(full_site()))
    assert "telegraf" in {n.object_name for n in run.of_kind("Namespace")}
    assert run.one("Deployment", "influxdb-two").namespace == "telegraf"


def test_without_telegraf_there_is_no_namespace_for_it() -> None:
    assert "telegraf" not in {n.object_name for n in _without_telegraf().of_kind("Namespace")}


def test_sinks_of_both_engines_stand_side_by_side() -> None:
    places = {w.object_name: w.namespace for w in FULL.run.workloads}
    assert places["influxdb-one"] == "kafka-connect-manager"
    assert places["influxdb-two"] == "telegraf"
