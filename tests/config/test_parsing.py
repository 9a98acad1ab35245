"""How a wrong site file is answered: every mistake, its place, what was given, what is allowed."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from efd_infra.config.mistake import SiteError
from efd_infra.config.parsing import parse_site
from tests.support.full_site import at, changed, full_site, without
from tests.support.refusal import mistakes, refusal


def test_a_site_that_says_everything_is_accepted() -> None:
    assert mistakes(full_site()) == []


def test_an_unknown_key_is_answered_with_the_one_that_was_meant() -> None:
    site = changed(full_site(), "cluster.storageClas", "fast")
    assert mistakes(site) == [
        (
            "cluster.storageClas: given an unknown key; allowed: certificate, clients, context, "
            "dnsRanges, durable, enforcesStorageSize, ingressClass, ingressNamespace, logs, nodes, "
            "publicPort, storageClass "
            "(did you mean storageClass?)"
        )
    ]


def test_an_unknown_key_without_a_likeness_is_answered_with_all_keys() -> None:
    site = changed(full_site(), "timeseries.kapacitor.zzz", 1)
    assert mistakes(site) == [
        (
            "timeseries.kapacitor.zzz: given an unknown key; allowed: handlers, resources, "
            "storage, thresholds"
        )
    ]


def test_an_unknown_key_inside_a_list_is_named_by_its_position() -> None:
    site = changed(full_site(), "streaming.connectors.0.topic", "a")
    (line,) = mistakes(site)
    assert line.startswith("streaming.connectors.0.topic: given an unknown key; allowed: ")
    assert line.endswith("(did you mean topics?)")


def test_keys_are_written_in_one_way_only() -> None:
    site = changed(full_site(), "cluster.public_port", 30828)
    (line,) = mistakes(site)
    assert line.endswith("(did you mean publicPort?)"), "Python's names are not for site files"


def test_an_old_key_does_not_stand_for_an_absent_section() -> None:
    site = changed(full_site(), "warehouse", {"bucket": "efd"})
    (line,) = mistakes(site)
    assert line.startswith(
        "warehouse: given an unknown key; allowed: alias, archive, backup, cloud, cluster, dns, "
    )


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (
            "streaming.kafka.storage.size",
            "15GB",
            (
                'given "15GB"; allowed: a whole number of Ki, Mi, Gi, Ti or Pi bytes, '
                "such as 512Mi or 15Gi"
            ),
        ),
        (
            "streaming.kafka.storage.size",
            15,
            (
                "given 15; allowed: a whole number of Ki, Mi, Gi, Ti or Pi bytes, "
                "such as 512Mi or 15Gi"
            ),
        ),
        (
            "streaming.kafka.retention",
            "72",
            'given "72"; allowed: a whole number of s, m, h, d or w, such as 72h or 30d',
        ),
        (
            "streaming.kafka.resources.cpu",
            2,
            "given 2; allowed: whole cores as text, such as '4', or thousandths, such as 500m",
        ),
        ("streaming.kafka.brokers", "3", 'given "3"; allowed: a valid integer'),
        ("streaming.kafka.brokers", 0, "given 0; allowed: greater than or equal to 1"),
        ("streaming.kafka.autoCreateTopics", "yes", 'given "yes"; allowed: a valid boolean'),
        (
            "streaming.kafka.external.firstNodePort",
            80,
            "given 80; allowed: greater than or equal to 30000",
        ),
        ("streaming.connectors.0.tasks", 11, "given 11; allowed: less than or equal to 10"),
        ("cluster.publicPort", 70000, "given 70000; allowed: less than or equal to 65535"),
        (
            "images.pullPolicy",
            "Sometimes",
            "given \"Sometimes\"; allowed: 'IfNotPresent', 'Never' or 'Always'",
        ),
        ("timeseries.chronograf.login.organizations", [], "given []; allowed: "),
        ("monitoring", "yes", 'given "yes"; allowed: an object'),
    ],
)
def test_a_wrong_value_is_answered_with_its_place_and_what_is_allowed(
    path: str, value: object, line: str
) -> None:
    (found,) = mistakes(changed(full_site(), path, value))
    assert found.startswith(f"{path}: {line}")


def test_a_wrong_key_of_a_mapping_is_answered_like_a_wrong_value() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.nodeLabels", {"a b": "ok"})) == [
        (
            'streaming.kafka.nodeLabels.a b: given "a b"; allowed: the key of a Kubernetes '
            "label, such as kubernetes.io/hostname"
        )
    ]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("timeseries.influxdb.host", "given nothing; allowed: Public host name of the HTTP API."),
        ("timeseries.chronograf.host", "given nothing; allowed: Public host name."),
        ("streaming.kafka.storage", "given nothing; allowed: One claim per broker."),
        ("streaming.kafka", "given nothing; allowed: Brokers."),
        ("timeseries", "given nothing; allowed: InfluxDB and what surrounds it."),
        ("name", "given nothing; allowed: Name of the site; also its stack's name."),
    ],
)
def test_a_missing_value_is_answered_with_what_it_is(path: str, line: str) -> None:
    # The last sink needs a database that is not there by default.
    assert mistakes(without(full_site(), "streaming.connectors.2", path)) == [f"{path}: {line}"]


def test_every_mistake_is_told_at_once() -> None:
    site = without(full_site(), "timeseries.influxdb.host")
    site = changed(site, "streaming.kafka.storage.size", "500GB")
    site = changed(site, "streaming.conectors", [])
    site = changed(site, "monitoring.database", "metrics")
    site = changed(site, "streaming.kafka.replicationFactor", 5)
    with pytest.raises(SiteError) as refusal:
        parse_site(site)
    assert str(refusal.value).splitlines() == [
        "efd:site has 5 mistakes; nothing was touched",
        (
            '  streaming.kafka.storage.size: given "500GB"; allowed: a whole number of Ki, Mi, Gi, '
            "Ti or Pi bytes, such as 512Mi or 15Gi"
        ),
        (
            "  streaming.conectors: given an unknown key; allowed: aggregation, connect, "
            "connectors, kafdrop, kafka, schemaRegistry (did you mean connectors?)"
        ),
        "  timeseries.influxdb.host: given nothing; allowed: Public host name of the HTTP API.",
        "  streaming.kafka.replicationFactor: given 5; allowed: at most the number of brokers, 4",
        (
            "  monitoring.database: given metrics; allowed: one of timeseries.influxdb.databases: "
            "efd, telegraf, chronograf, archive"
        ),
    ]


def test_one_mistake_is_told_once() -> None:
    with pytest.raises(SiteError) as refusal:
        parse_site(changed(without(full_site(), "replication", "archive"), "streaming", {}))
    assert str(refusal.value).splitlines() == [
        "efd:site has 1 mistake; nothing was touched",
        "  streaming.kafka: given nothing; allowed: Brokers.",
    ]


def test_two_rules_broken_by_one_value_are_both_told() -> None:
    lines = mistakes(changed(full_site(), "streaming.kafka.heap", "40Gi"))
    assert lines == [
        "streaming.kafka.heap: given 40Gi; allowed: at most 31Gi (JVM pointers)",
        "streaming.kafka.heap: given 40Gi; allowed: at most 7372Mi: 80% of the memory limit 9Gi",
    ]


_JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    3,
    1.5,
    10**30,
    "",
    "x",
    "1Gi",
    "ä b",
    "[",
    "1d",
    [],
    {},
    [1],
    ["a"],
    [{}],
    [[]],
    {"a": 1},
    {"": ""},
    {"[key]": 1},
    {"secret": "x"},
)


def _places(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of everything inside ``value`` that a path can name."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        here = f"{path}.{key}" if path else str(key)
        yield here
        if isinstance(item, dict | list):
            yield from _places(item, here)


def _spoil(chance: random.Random, site: dict[str, Any]) -> dict[str, Any]:
    """Return ``site`` with one place replaced, removed, repeated or misspelt."""
    places = [place for place in _places(site) if "" not in place.split(".")]
    if not places:
        return site
    place = chance.choice(places)
    match chance.randrange(4):
        case 0:
            return without(site, place)
        case 1:
            return changed(site, place, copy.deepcopy(at(site, chance.choice(places))))
        case 2 if not place.rpartition(".")[2].isdigit():
            return changed(site, f"{place}s", copy.deepcopy(at(site, place)))
        case _:
            return changed(site, place, copy.deepcopy(chance.choice(_JUNK)))


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_wrong_the_answer_is_a_list_of_mistakes(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- repeatable chance is wanted
    site = full_site()
    for _ in range(chance.randrange(1, 8)):
        site = _spoil(chance, site)
    found = refusal(site)
    assert len(set(found)) == len(found), "nothing is told twice"
    for mistake in found:
        assert all((mistake.path, mistake.given, mistake.allowed)), mistake
