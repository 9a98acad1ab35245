"""The questions to a deployed site, put to a real broker with the program's own settings."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from devkit import certificates
from rendering.engine import ROOT
from tests.support.broker import PASSWORD, USER, Broker
from tests.support.loopback import free_port

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Answer:
    """What the command said."""

    code: int
    findings: list[dict[str, str]]

    @property
    def wrong(self) -> dict[tuple[str, str], str]:
        """What is not as planned, by address and question."""
        return {
            (each["subject"], each["question"]): each["told"]
            for each in self.findings
            if each["state"] == "wrong"
        }


@dataclass(frozen=True)
class Stand:
    """A broker, the authority of its certificate, and what a stack says of it."""

    folder: Path
    broker: Broker

    def outputs(self, **other: Any) -> dict[str, Any]:
        """Return the outputs of the broker's stack."""
        user = {"username": USER, "password": PASSWORD, "mechanism": "SCRAM-SHA-512"}
        return {
            "kafkaBootstrap": "inside:9092",
            "kafkaExternalBootstrap": self.broker.external,
            "kafkaExternalBrokers": [self.broker.external],
            "kafkaUsers": {USER: user},
            **other,
        }

    def ask(self, *arguments: str, **other: Any) -> Answer:
        """Run the command."""
        done = self.run("--json", *arguments, **other)
        return Answer(done.returncode, json.loads(done.stdout or "[]"))

    def run(self, *arguments: str, **other: Any) -> subprocess.CompletedProcess[str]:
        """Run the command as it is given."""
        file = self.folder / "outputs.json"
        file.write_text(json.dumps(self.outputs(**other)))
        authority = [] if "--ca" in arguments else ["--ca", str(self.folder / "pki" / "ca.crt")]
        command = [sys.executable, "-m", "verify", "--site=here", "--outputs", str(file)]
        done = subprocess.run(  # noqa: S603 -- what is tested
            [*command, *authority, *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert PASSWORD not in done.stdout + done.stderr
        return done


def _issue(folder: Path, hosts: tuple[str, ...], ends: timedelta) -> Path:
    pki = folder / "pki"
    certificates.authority(pki, "an authority")
    certificates.issue(pki, "broker", hosts, common_name="broker", ends=ends)
    keystore = folder / "keystore.pem"
    keystore.write_text((pki / "broker.key").read_text() + (pki / "broker.crt").read_text())
    return keystore


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A broker as it should be."""
    folder = tmp_path_factory.mktemp("verify")
    keystore = _issue(folder, ("localhost",), certificates.LIFE)
    broker = Broker(folder, keystore)
    with broker.running():
        yield Stand(folder, broker)


def test_a_site_that_is_as_planned_is_right(stand: Stand) -> None:
    answer = stand.ask()
    assert answer.wrong == {}
    assert answer.code == 0
    asked = {(each["subject"], each["question"]) for each in answer.findings}
    address = stand.broker.external
    assert asked == {
        (address, "TLS"),
        (address, "names"),
        (address, "expiry"),
        (f"login of {USER}", "login"),
        ("broker 0", "advertised"),
    }


def test_a_person_reads_a_table(stand: Stand) -> None:
    done = stand.run()
    assert done.returncode == 0
    assert re.search(rf"right +broker 0 +advertised +{stand.broker.external}", done.stdout)
    assert "5 questions: 0 wrong, 0 not asked" in done.stdout


def test_a_broker_that_is_not_there_is_named(stand: Stand) -> None:
    away = f"localhost:{free_port()}"
    answer = stand.ask(kafkaExternalBrokers=[stand.broker.external, away])
    assert answer.code == 1
    assert answer.wrong == {
        (away, "reach"): "nobody answers: Connection refused",
        ("broker 1", "advertised"): f"is away; planned at {away}",
    }


def test_another_name_than_planned_is_named(stand: Stand) -> None:
    """What clients are told is not where they were meant to go."""
    _, port = stand.broker.external.split(":")
    planned = f"127.0.0.1:{port}"
    answer = stand.ask(kafkaExternalBrokers=[planned])
    assert answer.code == 1
    assert answer.wrong["broker 0", "advertised"] == f"{stand.broker.external}; planned {planned}"
    assert "IP address mismatch" in answer.wrong[planned, "TLS"]
    assert answer.wrong[planned, "names"] == "has localhost; lacks 127.0.0.1"


def test_a_wrong_password_is_said(stand: Stand) -> None:
    wrong = {"username": USER, "password": "another", "mechanism": "SCRAM-SHA-512"}
    answer = stand.ask(kafkaUsers={USER: wrong})
    assert answer.code == 1
    assert list(answer.wrong) == [(f"login of {USER}", "login")]
    assert "Authentication failed" in answer.wrong[f"login of {USER}", "login"]


def test_a_certificate_of_nobody_we_know_is_refused(stand: Stand, tmp_path: Path) -> None:
    certificates.authority(tmp_path, "another authority")
    answer = stand.ask("--ca", str(tmp_path / "ca.crt"))
    assert answer.code == 1
    refusal = answer.wrong[stand.broker.external, "TLS"]
    assert refusal.startswith("a client refuses it: ")


def test_the_user_is_chosen(stand: Stand) -> None:
    done = stand.run("--user", "nobody")
    assert done.returncode == 2
    assert done.stderr == f"error: there is no user 'nobody'; there are: {USER}\n"


def test_where_nobody_answers_nothing_was_asked(stand: Stand) -> None:
    away = f"localhost:{free_port()}"
    answer = stand.ask(kafkaExternalBootstrap=away, kafkaExternalBrokers=[away])
    assert answer.code == 2
    assert answer.wrong == {}


def test_an_expired_certificate_is_named(tmp_path: Path) -> None:
    keystore = _issue(tmp_path, ("localhost",), timedelta(minutes=-30))
    broker = Broker(tmp_path, keystore)
    with broker.running():
        answer = Stand(tmp_path, broker).ask()
    assert answer.code == 1
    assert answer.wrong[broker.external, "expiry"].startswith("expired on ")
    assert "certificate has expired" in answer.wrong[broker.external, "TLS"]
    assert (f"login of {USER}", "login") in answer.wrong


def test_a_broker_that_tells_another_name_is_named(tmp_path: Path) -> None:
    """It is reached where it was planned, and sends its clients elsewhere."""
    keystore = _issue(tmp_path, ("localhost",), certificates.LIFE)
    broker = replace(Broker(tmp_path, keystore), advertised="elsewhere.example.org")
    with broker.running():
        answer = Stand(tmp_path, broker).ask()
    _, port = broker.external.split(":")
    assert answer.code == 1
    assert answer.wrong == {
        ("broker 0", "advertised"): f"elsewhere.example.org:{port}; planned {broker.external}"
    }
