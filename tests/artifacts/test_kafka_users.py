"""The script that sets Kafka's users: what it changes, and what it keeps to itself.

A recorder takes the place of Kafka's tools and answers in their words (Kafka 4.3.1).
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from efd_infra.artifacts import read_artifact

_PASSWORD = "the-secret-of"  # noqa: S105 -- of nobody
_JAVA = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
*AclCommand*--list*) cat "$ANSWERS/acls" ;;
*--describe*) cat "$ANSWERS/users" ;;
*--add-config-file*)
    cat /dev/stdin >>"$ANSWERS/given"
    cat "$ANSWERS/refusal"
    [ ! -s "$ANSWERS/refusal" ] || exit 1
    ;;
esac
exit 0
"""
_SILENT = """#!/bin/sh
echo Timed out
exit 1
"""
_RULES = [
    "User:mirror\tALLOW\t*\tDESCRIBE_CONFIGS\tTOPIC\tPREFIXED\t_schemas",
    "User:mirror\tALLOW\t*\tREAD\tTOPIC\tPREFIXED\t_schemas",
    "User:sal\tALLOW\t*\tWRITE\tTOPIC\tPREFIXED\tlsst.sal.",
]
_ALL_ACLS = """\
Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=_schemas, patternType=PREFIXED)`:
\t(principal=User:mirror, host=*, operation=READ, permissionType=ALLOW)
\t(principal=User:mirror, host=*, operation=DESCRIBE_CONFIGS, permissionType=ALLOW)

Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=lsst.sal., patternType=PREFIXED)`:
\t(principal=User:sal, host=*, operation=WRITE, permissionType=ALLOW)

"""  # noqa: E501 -- Kafka's own words
_ALL_USERS = """\
SCRAM credential configs for user-principal 'sal' are SCRAM-SHA-512=iterations=4096
SCRAM credential configs for user-principal 'mirror' are SCRAM-SHA-512=iterations=4096
"""
_ALL_QUOTAS = "Quota configs for user-principal 'sal' are producer_byte_rate=1.048576E7\n"


@dataclass(frozen=True)
class Outcome:
    """What one run of the script did and said."""

    code: int
    said: list[str]
    errors: str
    changes: list[str]
    """Calls of Kafka's tools that change something, from the tool's class on."""
    given: str
    """What the tools read from standard input."""


def _run(  # noqa: PLR0913 -- what Kafka answers, and what is wanted of it
    folder: Path,
    acls: str,
    users: str,
    refusal: str = "",
    *,
    answers: bool = True,
    rules: Sequence[str] = _RULES,
) -> Outcome:
    (folder / "java").write_text(_JAVA if answers else _SILENT)
    (folder / "java").chmod(0o755)
    files = {"acls": acls, "users": users, "calls": "", "given": ""}
    for name, text in (files | {"refusal": refusal}).items():
        (folder / name).write_text(text)
    (folder / "settings").mkdir()
    (folder / "settings" / "users").write_text("mirror\nsal\n")
    (folder / "settings" / "rules").write_text("".join(f"{rule}\n" for rule in rules))
    (folder / "settings" / "quotas").write_text("sal\tproducer_byte_rate\t10485760\n")
    (folder / "work").mkdir()
    for user in ("mirror", "sal"):
        (folder / "passwords" / user).mkdir(parents=True)
        (folder / "passwords" / user / "password").write_text(f"{_PASSWORD}-{user}")
    run = subprocess.run(  # noqa: S603 -- the artifact under test
        ["/bin/sh", "-c", read_artifact("kafka/users.sh"), "users.sh", "-Xmx1m"],
        env={
            "ANSWERS": str(folder),
            "BOOTSTRAP": "kafka:9091",
            "CALLS": str(folder / "calls"),
            "CLIENT_PROPERTIES": "/login",
            "KAFKA_LIBS": "/libs",
            "MECHANISM": "SCRAM-SHA-512",
            "PATH": f"{folder}:/usr/bin:/bin",
            "PATIENCE": "0",
            "SETTINGS_DIR": str(folder / "settings"),
            "USERS_DIR": str(folder / "passwords"),
            "WORK_DIR": str(folder / "work"),
        },
        # Files are here, which a pattern would match.
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    calls = (folder / "calls").read_text().splitlines()
    changes = [
        c.partition("--command-config /login ")[2]
        for c in calls
        if "--force" in c or "--alter" in c
    ]
    return Outcome(
        run.returncode,
        run.stdout.splitlines(),
        run.stderr,
        changes,
        (folder / "given").read_text(),
    )


@pytest.fixture
def settled(tmp_path: Path) -> Outcome:
    """A run that finds everything as it should be."""
    return _run(tmp_path, _ALL_ACLS, _ALL_USERS + _ALL_QUOTAS)


def test_what_is_as_it_should_be_is_left_alone(settled: Outcome) -> None:
    assert settled.said == [
        "waiting for kafka:9091",
        "users: 2, rules: 3, changes: 0; all passwords are set",
    ]
    assert [change for change in settled.changes if "--add-config-file" not in change] == []


def test_every_password_is_set_through_a_pipe(settled: Outcome) -> None:
    """A password cannot be compared: brokers keep none."""
    assert settled.changes == [
        f"--entity-type users --alter --entity-name {user} --add-config-file /dev/stdin"
        for user in ("mirror", "sal")
    ]
    assert settled.given == "".join(
        f"SCRAM-SHA-512=password={_PASSWORD}-{user}\n" for user in ("mirror", "sal")
    )


def test_what_is_missing_is_added(tmp_path: Path) -> None:
    outcome = _run(tmp_path, "", "")
    assert outcome.said[1:] == [
        "add ALLOW of DESCRIBE_CONFIGS READ on topic prefixed _schemas to User:mirror",
        "add ALLOW of WRITE on topic prefixed lsst.sal. to User:sal",
        "add user mirror",
        "add user sal",
        "set producer_byte_rate of sal to 10485760",
        "users: 2, rules: 3, changes: 6; all passwords are set",
    ]
    assert outcome.changes[0] == (
        "--add --force --allow-principal User:mirror --allow-host * --resource-pattern-type "
        "PREFIXED --topic _schemas --operation DESCRIBECONFIGS --operation READ"
    )


def test_what_nobody_declared_is_removed(tmp_path: Path) -> None:
    acls = (
        f"{_ALL_ACLS}Current ACLs for resource `ResourcePattern(resourceType=TRANSACTIONAL_ID, "
        "name=my tx, patternType=LITERAL)`:\n"
        "\t(principal=User:*, host=10.0.0.1, operation=ALL, permissionType=DENY)\n"
    )
    users = (
        f"{_ALL_QUOTAS}{_ALL_USERS}SCRAM credential configs for user-principal 'old' are "
        "SCRAM-SHA-256=iterations=4096, SCRAM-SHA-512=iterations=4096\n"
    )
    outcome = _run(tmp_path, acls, users)
    assert outcome.said[1:-1] == [
        "remove user old (SCRAM-SHA-256)",
        "remove user old (SCRAM-SHA-512)",
        "remove DENY of ALL on transactional_id literal my tx to User:*",
    ]
    assert outcome.changes[2] == (
        "--remove --force --deny-principal User:* --deny-host 10.0.0.1 --resource-pattern-type "
        "LITERAL --transactional-id my tx --operation ALL"
    )


def test_rules_that_differ_in_the_name_alone_take_one_call(tmp_path: Path) -> None:
    """Each call starts a virtual machine: a new site has some forty rules."""
    rules = [
        f"User:u\tALLOW\t*\t{o}\tTOPIC\tPREFIXED\t{n}" for o in ("READ", "WRITE") for n in "ab"
    ]
    outcome = _run(tmp_path, "", _ALL_USERS + _ALL_QUOTAS, rules=rules)
    assert "add ALLOW of READ WRITE on topic prefixed a, b to User:u" in outcome.said
    (change,) = [change for change in outcome.changes if "--add " in change]
    assert change.endswith("PREFIXED --topic a --topic b --operation READ --operation WRITE")


def test_a_rule_for_every_topic_is_one_for_an_asterisk(tmp_path: Path) -> None:
    """Once it became rules for topics with the names of the container's directories."""
    rules = ["User:u\tALLOW\t*\tDESCRIBE\tTOPIC\tLITERAL\t*"]
    outcome = _run(tmp_path, "", _ALL_USERS + _ALL_QUOTAS, rules=rules)
    assert "add ALLOW of DESCRIBE on topic literal * to User:u" in outcome.said
    (change,) = [change for change in outcome.changes if "--add " in change]
    assert change.endswith("LITERAL --topic * --operation DESCRIBE")


def test_a_quota_follows_the_site(tmp_path: Path) -> None:
    """Whatever number Kafka writes it as; one that nobody declared goes."""
    quotas = (
        "Quota configs for user-principal 'sal' are producer_byte_rate=5.0E6, "
        "consumer_byte_rate=1024.0\n"
        "Quota configs for user-principal 'mirror' are consumer_byte_rate=2048.0\n"
    )
    outcome = _run(tmp_path, _ALL_ACLS, _ALL_USERS + quotas)
    assert outcome.said[1:] == [
        "remove consumer_byte_rate of mirror",
        "remove consumer_byte_rate of sal",
        "set producer_byte_rate of sal to 10485760",
        "users: 2, rules: 3, changes: 3; all passwords are set",
    ]
    assert outcome.changes[-1] == (
        "--entity-type users --alter --entity-name sal --add-config producer_byte_rate=10485760"
    )


def test_rights_end_before_others_begin(tmp_path: Path) -> None:
    outcome = _run(tmp_path, _ALL_ACLS.replace("lsst.sal.", "old."), _ALL_USERS + _ALL_QUOTAS)
    assert [line.split()[0] for line in outcome.said[1:-1]] == ["remove", "add"]


def test_no_password_is_said(tmp_path: Path) -> None:
    """Kafka's tool repeats a setting that it does not like."""
    refusal = f"Invalid credential property password={_PASSWORD}-mirror]\n"
    outcome = _run(tmp_path, "", _ALL_QUOTAS, refusal)
    assert outcome.code == 1
    assert outcome.errors.startswith("error: set the password of mirror: Invalid credential")
    assert _PASSWORD not in outcome.errors + "".join(outcome.said) + "".join(outcome.changes)


def test_brokers_that_do_not_answer_are_reported(tmp_path: Path) -> None:
    outcome = _run(tmp_path, "", "", answers=False)
    assert outcome.code == 1
    assert outcome.errors == "error: kafka:9091 does not answer: Timed out\n"
    assert outcome.changes == []
