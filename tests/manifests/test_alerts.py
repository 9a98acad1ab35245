"""Alert rules: what they ask for exists, and what they say is of use."""

import re
from collections.abc import Iterator

import pytest

from efd_infra.artifacts import read_artifact
from efd_infra.config.parsing import parse_site
from efd_infra.config.signals import SIGNALS
from efd_infra.manifests.alerts.rule import PAGE, Rule, Shape
from efd_infra.manifests.alerts.rules import alert_rules, every_rule, idle_thresholds
from efd_infra.manifests.alerts.sinks import HEARTBEATS, SEQUENCE
from efd_infra.manifests.measurements.catalogue import HEARTBEAT, METRICS, TOPIC_FIELDS
from efd_infra.manifests.measurements.measurement import Writer
from efd_infra.manifests.scraped import watched_pods
from tests.support.full_site import changed, full_site, mirroring_schemas, unmeasured, without
from tests.support.site_case import EVERY_SITE, FULL, SiteCase
from tests.support.tickscript import parse

_ALL = [*every_rule(FULL.site)]
_sites = pytest.mark.parametrize("case", EVERY_SITE, ids=lambda case: case.name)
_rules = pytest.mark.parametrize("rule", _ALL, ids=lambda rule: rule.name)


def _unknown(rule: Rule, case: SiteCase) -> Iterator[str]:
    """Yield what a rule asks for that nothing writes."""
    databases = case.site.timeseries.influxdb.databases
    policies = {(d.name, policy.name) for d in databases for policy in d.retention}
    if (rule.query.database, rule.query.policy) not in policies:
        yield f"{rule.query.database}.{rule.query.policy}"
    if rule.query.writer is Writer.TOPICS:
        yield from set(rule.query.fields) - set(TOPIC_FIELDS)
        return
    written = [
        measurement
        for measurement in METRICS
        if (measurement.writer, measurement.name) == (rule.query.writer, rule.query.measurement)
    ]
    for field in rule.query.fields:
        tags = [set(measurement.tags) for measurement in written if field in measurement.fields]
        if not any(tags_of_field >= set(rule.tags) for tags_of_field in tags):
            yield f"{rule.query.measurement}.{field} with {', '.join(rule.tags) or 'no tags'}"


@_sites
def test_what_a_rule_asks_for_is_written_at_the_site(case: SiteCase) -> None:
    unknown = {rule.name: [*_unknown(rule, case)] for rule in alert_rules(case.site)}
    assert {name: names for name, names in unknown.items() if names} == {}


@_rules
def test_what_any_rule_asks_for_is_in_the_catalogue(rule: Rule) -> None:
    assert [*_unknown(rule, FULL)] == []


def test_heartbeats_are_those_of_the_catalogue() -> None:
    name = "lsst.sal.MTMount.logevent_heartbeat"
    assert re.fullmatch(HEARTBEATS.strip("/"), name)
    assert re.fullmatch(HEARTBEAT, name)
    assert SEQUENCE in TOPIC_FIELDS


def test_every_signal_has_a_rule_and_its_numbers_are_in_order() -> None:
    assert {rule.signal.name for rule in _ALL} == {signal.name for signal in SIGNALS}
    assert [signal.name for signal in SIGNALS if not signal.is_ordered] == []


@_rules
def test_its_template_is_given_what_it_asks_for_and_nothing_else(rule: Rule) -> None:
    """Kapacitor refuses a task that misses a value, and then loads no rule at all."""
    asked = parse(read_artifact(f"kapacitor/templates/{rule.shape}.tick")).variables
    given = rule.variables("full", "chronograf")
    assert {name: kind for name, (kind, _) in given.items()} == asked


@_rules
def test_its_message_says_what_where_how_much_since_when_and_where_to_read_on(rule: Rule) -> None:
    message = rule.message("summit")
    assert message.startswith(f"{{{{ .Level }}}} summit {rule.words.title}: {rule.words.about}: ")
    assert 'index .Fields "value"' in message
    assert "{{ .Duration }}" in message
    assert message.endswith(f"{PAGE}#{rule.signal.name}")
    actions = re.findall(r"{{.*?}}", rule.details + message)
    allowed = (
        r'{{ (\.\w+|index \.(Tags|Fields) "\w+"( \| printf "%\.1f")?|\.Time\.Format "[^"]+") }}'
    )
    assert [action for action in actions if not re.fullmatch(allowed, action)] == []


@_rules
def test_each_thing_that_is_watched_has_an_alert_of_its_own(rule: Rule) -> None:
    _, name = rule.variables("full", "chronograf")["id"]
    for tag in set(rule.groups) - {"all"}:
        assert f'index .Tags "{tag}"' in name


@_sites
def test_no_two_tasks_have_one_name(case: SiteCase) -> None:
    names = [rule.name for rule in alert_rules(case.site)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[-._a-z0-9]+", name) for name in names), "Kapacitor refuses others"


def test_no_rule_is_there_without_what_writes_its_data() -> None:
    def names(*absent: str) -> set[str]:
        return {rule.signal.name for rule in alert_rules(parse_site(without(full_site(), *absent)))}

    everything = names()
    assert everything - names("replication") == {
        "mirror-age",
        "mirror-lag",
        "mirror-silent",
        "mirror-task-failed",
    }
    alone = parse_site(unmeasured(full_site()))
    assert {rule.signal.name for rule in alert_rules(alone)} == {"csc-silent", "efd-silent"}
    assert everything == names("streaming.connectors.0"), "the archive's connector is watched too"
    assert everything - names("streaming.connectors.0", "archive") == {
        "connector-failed",
        "connector-refused",
        "dead-letters",
        "task-failed",
    }


def test_every_pod_that_is_scraped_is_missed() -> None:
    site = parse_site(mirroring_schemas())
    watched = {rule.name for rule in alert_rules(site) if rule.signal.name == "pods-missing"}
    assert watched == {f"pods-missing-{service.address.name}" for service in watched_pods(site)}
    by_name = {service.address.name: service.pods for service in watched_pods(site)}
    assert by_name["cp-helm-charts-cp-kafka-jmx"] == 4
    assert by_name["mirror-maker-schemas-jmx"] == 1
    assert by_name["influxdb-two-topics"] == 3


def test_times_grow_with_the_time_between_samples() -> None:
    """Or a site that collects seldom would miss every pod."""
    site = changed(full_site(), "monitoring.interval", "300s")
    for rule in alert_rules(parse_site(site)):
        if rule.shape is Shape.MISSING and rule.query.writer is not Writer.TOPICS:
            assert rule.times["window"] == 3000
        if rule.shape in {Shape.LASTING, Shape.GROWTH}:
            assert rule.times["grain"] == 600


def test_a_site_sets_its_own_numbers() -> None:
    site = changed(
        full_site(),
        "timeseries.kapacitor.thresholds",
        [{"alert": "sink-lag", "critical": 7e5}, {"alert": "store-full", "warning": 70}],
    )
    conditions = {
        rule.name: [rule.variables("full", "x")[level][1] for level in ("warning", "critical")]
        for rule in alert_rules(parse_site(site))
    }
    assert conditions["sink-lag"] == ['"value" > 15000.000000', '"value" > 700000.000000']
    assert conditions["store-full"] == ['"value" > 70.000000', '"value" > 90.000000']
    assert conditions["certificate-expiry"] == ['"value" < 21.000000', '"value" < 7.000000']
    assert conditions["dead-letters-influxdb-one"] == ['"value" > 0.000000', "FALSE"]


def test_numbers_for_what_is_not_watched_are_told_of() -> None:
    assert idle_thresholds(parse_site(full_site())) == ()
    site = parse_site(without(full_site(), "replication"))
    assert idle_thresholds(site) == ("mirror-lag",)
