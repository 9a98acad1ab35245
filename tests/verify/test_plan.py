"""What a stack's outputs say should be there."""

import json
from pathlib import Path

import pytest

from tests.support.site_case import SITES
from verify.finding import UnaskedError
from verify.plan import Plan, read_outputs

_LOGIN = {"password": "p", "mechanism": "SCRAM-SHA-512", "security_protocol": "SASL_SSL"}


def _plan() -> Plan:
    return Plan.of(
        {
            "kafkaBootstrap": "inside:9092",
            "kafkaExternalBootstrap": "kafka.example.org:31090",
            "kafkaExternalBrokers": ["kafka.example.org:31090", "kafka.example.org:31091"],
            "kafkaUsers": {name: {**_LOGIN, "username": name} for name in ("a", "b")},
            "influxdbUrl": "https://influxdb.example.org:8443",
            "dnsRecords": {"kafka.example.org": ["nodes"]},
        }
    )


def test_the_first_user_asks_unless_another_is_named() -> None:
    plan = _plan()
    assert [user.name for user in (plan.user(None), plan.user("b")) if user] == ["a", "b"]


def test_a_user_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(UnaskedError, match=r"no user 'c'; there are: a, b"):
        _plan().user("c")


def test_a_password_is_never_printed() -> None:
    assert "password" not in repr(_plan().users)


def test_every_site_s_outputs_are_understood() -> None:
    """Of the program itself: a renamed output would leave nothing to ask."""
    for site in SITES:
        plan = Plan.of(site.run.outputs)
        kafka = site.site.streaming.kafka
        assert len(plan.brokers) == (kafka.brokers if kafka.external else 0)
        assert (plan.bootstrap is not None) is (kafka.external is not None)
        assert {user.name for user in plan.users} == {user.name for user in kafka.users}
        assert "influxdbUrl" in plan.pages


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("", "gives no JSON"), ("[]", "gives no outputs"), ("{}", "is it deployed?")],
)
def test_what_is_no_outputs_is_said(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "outputs").write_text(text)
    with pytest.raises(UnaskedError) as refusal:
        read_outputs("here", tmp_path / "outputs")
    assert complaint in str(refusal.value)


def test_what_pulumi_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows why there is no such stack; where an embedded site's is, we know."""
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\necho \"error: no stack named 'here' found\" >&2\nexit 255\n")
    pulumi.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(UnaskedError) as refusal:
        read_outputs("here", None)
    assert str(refusal.value) == (
        "error: no stack named 'here' found\n"
        'an embedded site is found after: eval "$(make -s env SITE=here)"'
    )


def test_pulumi_is_asked_for_secrets_of_this_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulumi = tmp_path / "pulumi"
    said = json.dumps({"kafkaBootstrap": "$*"}).replace('"', '\\"')
    pulumi.write_text(f'#!/bin/sh\necho "{said}"\n')
    pulumi.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    asked = read_outputs("here", None)["kafkaBootstrap"]
    assert asked.startswith("stack output --json --show-secrets --stack here")
