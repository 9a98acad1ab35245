"""Kafka's users and what each may do."""

from typing import Any

from efd_infra.config.kafka_user import KafkaUserSection
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.kafka_users import (
    KafkaUser,
    anonymous_grants,
    site_user,
    user_names,
    user_quotas,
    user_rules,
)
from tests.support.full_site import changed, full_site


def _user(name: str, **purposes: list[str]) -> KafkaUser:
    data: dict[str, Any] = {purpose: tuple(given) for purpose, given in purposes.items()}
    return site_user(KafkaUserSection.model_validate({"name": name, **data}))


def _rules(**purposes: list[str]) -> list[str]:
    return [line.replace("\t", " ") for line in user_rules([_user("u", **purposes)]).splitlines()]


def test_a_producer_makes_and_writes_topics() -> None:
    assert _rules(produces=["lsst.sal."]) == [
        "User:u ALLOW * CREATE TOPIC PREFIXED lsst.sal.",
        "User:u ALLOW * DESCRIBE TOPIC PREFIXED lsst.sal.",
        "User:u ALLOW * WRITE TOPIC PREFIXED lsst.sal.",
    ]


def test_a_consumer_reads_topics_in_its_groups() -> None:
    assert _rules(consumes=["lsst.sal."], groups=["notebook-"]) == [
        "User:u ALLOW * DESCRIBE GROUP PREFIXED notebook-",
        "User:u ALLOW * DESCRIBE TOPIC PREFIXED lsst.sal.",
        "User:u ALLOW * READ GROUP PREFIXED notebook-",
        "User:u ALLOW * READ TOPIC PREFIXED lsst.sal.",
    ]


def test_a_consumer_without_a_group_has_rights_in_none() -> None:
    assert not [rule for rule in _rules(consumes=["lsst.sal."]) if "GROUP" in rule]


def test_a_mirror_reads_topics_and_their_settings() -> None:
    assert _rules(mirrors=["_schemas"]) == [
        "User:u ALLOW * DESCRIBE TOPIC PREFIXED _schemas",
        "User:u ALLOW * DESCRIBE_CONFIGS TOPIC PREFIXED _schemas",
        "User:u ALLOW * READ TOPIC PREFIXED _schemas",
    ]


def test_purposes_add_up_and_repeat_nothing() -> None:
    rules = _rules(produces=["a.", "b."], consumes=["a."])
    assert len(rules) == len(set(rules)) == 7


def test_nobody_may_do_everything_or_touch_everything() -> None:
    rules = _rules(produces=["a."], consumes=["b."], groups=["c."], mirrors=["d."])
    words = {word for rule in rules for word in rule.split()}
    assert not {"ALL", "ALTER", "ALTER_CONFIGS", "CLUSTER", "CLUSTER_ACTION", "DELETE"} & words
    assert all(rule.split()[5:] in [["PREFIXED", f"{p}."] for p in "abcd"] for rule in rules)


def test_names_and_rules_come_in_one_order() -> None:
    users = [_user(name, produces=["p.", "p"]) for name in ("b", "a-b", "a")]
    assert user_names(users) == "a\na-b\nb\n"
    lines = user_rules(users).encode().splitlines()
    assert lines == sorted(lines), "or an order of the site file's would make a new Job"


def test_a_site_without_users_has_empty_lists() -> None:
    assert (user_names([]), user_rules([])) == ("", "")


def test_who_monitors_sees_everything_and_reads_nothing() -> None:
    user = site_user(KafkaUserSection.model_validate({"name": "u", "monitors": True}))
    rules = [line.replace("\t", " ") for line in user_rules([user]).splitlines()]
    assert rules == [
        "User:u ALLOW * DESCRIBE CLUSTER LITERAL kafka-cluster",
        "User:u ALLOW * DESCRIBE GROUP LITERAL *",
        "User:u ALLOW * DESCRIBE TOPIC LITERAL *",
        "User:u ALLOW * DESCRIBE_CONFIGS CLUSTER LITERAL kafka-cluster",
        "User:u ALLOW * DESCRIBE_CONFIGS TOPIC LITERAL *",
    ]


def test_a_quota_is_in_bytes_per_second() -> None:
    data = {"name": "u", "produces": ("p.",), "quota": {"produce": "2Mi", "consume": "1Ki"}}
    user = site_user(KafkaUserSection.model_validate(data))
    assert user_quotas([user]) == "u\tconsumer_byte_rate\t1024\nu\tproducer_byte_rate\t2097152\n"
    assert user_quotas([_user("v", produces=["p."])]) == ""


def test_whoever_did_not_log_in_may_produce_sal_s_topics_where_a_site_says_so() -> None:
    section = parse_site(full_site()).streaming.kafka
    assert anonymous_grants(section) == ()
    data = changed(full_site(), "streaming.kafka.internal.anonymous", value=True)
    grants = anonymous_grants(parse_site(data).streaming.kafka)
    assert [line.replace("\t", " ") for line in user_rules([], grants).splitlines()] == [
        f"User:ANONYMOUS ALLOW * {operation} TOPIC PREFIXED lsst.sal."
        for operation in ("CREATE", "DESCRIBE", "WRITE")
    ]
