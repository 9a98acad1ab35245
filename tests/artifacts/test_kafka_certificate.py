"""The script that keeps a broker's certificate: what it takes, and what it refuses.

A recorder takes the place of the broker; ``tests/engine/test_certificate.py`` has a real one.
"""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.support.certificate_keeper import HOST, OWN, Keeper, wait

_HALF = """\
-----BEGIN PRIVATE KEY-----
MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCABhFhwMckby8kQyqDC
nQgBhFhwMckby8kQyqDCnQgBhA==
-----END PRIVATE KEY-----
"""
"""A number of 32 bytes on P-256, and nothing else (RFC 5915)."""
_HOUR = timedelta(hours=1)
_SETTING = "listener.name.external.ssl.keystore.location"
_JAVA = """#!/bin/sh
echo "$*" >>"$CALLS"
[ ! -e "$BROKER/deaf" ] || { echo 'Timed out waiting for a node assignment'; exit 1; }
[ -e "$BROKER/stuck" ] || cp "$KEYSTORE" "$BROKER/shown"
"""
_KEYTOOL = """#!/bin/sh
awk '/BEGIN CERT/,/END CERT/ { print $0 "\\r" }' "$BROKER/shown"
"""


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    """The script, and a broker that reads what it is told to."""
    for name, text in {"java": _JAVA, "keytool": _KEYTOOL}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    env = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "BROKER": str(tmp_path),
    }
    return Keeper(tmp_path, env=env)


def _pem(key: PrivateKeyTypes, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def _calls(keeper: Keeper) -> list[str]:
    calls = keeper.folder / "calls"
    return calls.read_text().splitlines() if calls.exists() else []


def _refused(keeper: Keeper, files: dict[str, str]) -> str:
    """Return the complaint about a renewed pair that must not be taken."""
    with keeper.started():
        keeper.give(files)
        wait(lambda: "refused" in keeper.log, "a refusal")
        time.sleep(0.5)
        assert keeper.has("first"), "the old pair stays"
        assert _calls(keeper) == [], "the broker is not bothered"
    (line,) = [line for line in keeper.log.splitlines() if "refused" in line]
    return line.partition("refused: ")[2]


def test_key_and_chain_are_one_file_that_nobody_else_reads(keeper: Keeper) -> None:
    """A key without an end of line must not run into the certificate."""
    keeper.issue("first")
    files = keeper.pair("first")
    keeper.give({**files, "tls.key": files["tls.key"].rstrip("\n")})
    with keeper.running():
        wait(lambda: "written" in keeper.log, "a file")
    assert keeper.has("first")
    assert keeper.keystore.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "fault",
    ["PKCS#8", "no RSA and no EC", "lacks its public half", "not the key of", "cannot be read"],
)
def test_what_kafka_cannot_use_is_refused_at_the_start_in_one_line(
    keeper: Keeper, fault: str
) -> None:
    keeper.issue("first")
    keeper.issue("other")
    key = load_pem_private_key(keeper.pair("first")["tls.key"].encode(), None)
    old = _pem(key, PrivateFormat.TraditionalOpenSSL)
    files = {
        "PKCS#8": {**keeper.pair("first"), "tls.key": old},
        "no RSA and no EC": {**keeper.pair("first"), "tls.key": _pem(Ed25519PrivateKey.generate())},
        "lacks its public half": {**keeper.pair("first"), "tls.key": _HALF},
        "not the key of": keeper.pair("first", "other"),
        "cannot be read": {**keeper.pair("first"), "tls.crt": "-----BEGIN CERTIFICATE-----\nMIIB"},
    }[fault]
    keeper.give(files)
    with keeper.running() as script:
        assert script.wait(10) == 1
    (line,) = keeper.log.splitlines()
    assert fault in line
    assert not keeper.keystore.exists()


def test_an_expired_certificate_does_not_keep_a_broker_from_the_cluster(keeper: Keeper) -> None:
    keeper.issue("first", (HOST,), ends=-_HOUR / 2)
    keeper.give(keeper.pair("first"))
    with keeper.running():
        wait(lambda: "written" in keeper.log, "a file")
    assert "warning: the certificate has expired" in keeper.log
    assert f"warning: the certificate lacks {OWN}" in keeper.log


def test_a_renewed_pair_is_given_to_the_broker(keeper: Keeper) -> None:
    with keeper.started():
        keeper.issue("second")
        keeper.give(keeper.pair("second"))
        wait(lambda: "renewed: valid" in keeper.log, "a renewal")
        assert keeper.has("second")
        time.sleep(0.5)
        # While it looks, there is a draft.
        wait(
            lambda: [p.name for p in keeper.keystore.parent.iterdir()] == ["external.pem"],
            "no rest",
        )
    add, remove = _calls(keeper)
    assert "--entity-type brokers --entity-name 1 --alter" in add
    assert add.endswith(f"--add-config {_SETTING}={keeper.keystore}")
    assert remove.endswith(f"--delete-config {_SETTING}"), "nothing stays in the metadata"


def test_a_renewed_pair_for_all_names_by_an_asterisk_is_taken(keeper: Keeper) -> None:
    with keeper.started():
        keeper.issue("second", ("*.example.org",))
        keeper.give(keeper.pair("second"))
        wait(lambda: "renewed: valid" in keeper.log, "a renewal")


def test_a_name_that_the_old_one_lacks_too_stops_no_renewal(keeper: Keeper) -> None:
    """Refused, the old one would expire."""
    keeper.issue("first", (HOST,))
    keeper.issue("second", (HOST,))
    keeper.give(keeper.pair("first"))
    with keeper.running():
        wait(lambda: "written" in keeper.log, "a file")
        keeper.give(keeper.pair("second"))
        warning = f"warning: the certificate lacks {OWN}"
        wait(lambda: keeper.log.count(warning) == 2, "a warning for each")
    assert "renewed: valid" in keeper.log


def test_another_one_s_certificate_is_refused(keeper: Keeper) -> None:
    keeper.issue("second")
    keeper.issue("third")
    assert _refused(keeper, keeper.pair("third", "second")) == "tls.key is not the key of tls.crt"


def test_an_expired_one_is_refused(keeper: Keeper) -> None:
    keeper.issue("second", ends=-_HOUR / 2)
    assert "has expired" in _refused(keeper, keeper.pair("second"))


def test_one_that_is_not_valid_yet_is_refused(keeper: Keeper) -> None:
    keeper.issue("second", begins=_HOUR)
    assert "is not valid yet" in _refused(keeper, keeper.pair("second"))


@pytest.mark.parametrize("names", [(HOST,), (OWN,), ("*.org",), (HOST, "*.kafka-1.example.org")])
def test_one_that_lacks_a_name_of_the_old_one_is_refused(
    keeper: Keeper, names: tuple[str, ...]
) -> None:
    keeper.issue("second", names)
    assert "which the one in use has" in _refused(keeper, keeper.pair("second"))


def test_a_refused_pair_that_is_mended_is_taken(keeper: Keeper) -> None:
    with keeper.started():
        keeper.issue("second")
        keeper.give(keeper.pair("second", "first"))
        wait(lambda: "refused" in keeper.log, "a refusal")
        keeper.give(keeper.pair("second"))
        wait(lambda: "renewed: valid" in keeper.log, "a renewal")


@pytest.mark.parametrize(
    ("broker", "complaint"), [("deaf", "Timed out waiting"), ("stuck", "does not show")]
)
def test_what_the_broker_does_not_take_is_taken_back(
    keeper: Keeper, broker: str, complaint: str
) -> None:
    with keeper.started():
        (keeper.folder / "shown").write_text(keeper.keystore.read_text())
        (keeper.folder / broker).touch()
        keeper.issue("second")
        keeper.give(keeper.pair("second"))
        wait(lambda: complaint in keeper.log, "a complaint")
        wait(lambda: keeper.has("first"), "the old file")
        (keeper.folder / broker).unlink()
        wait(lambda: "renewed: valid" in keeper.log, "another try")
        assert keeper.has("second")


def test_a_restarted_container_keeps_the_pair_in_use(keeper: Keeper) -> None:
    with keeper.started():
        pass
    keeper.issue("second")
    keeper.give(keeper.pair("second", "first"))
    with keeper.running():
        wait(lambda: "refused" in keeper.log, "a refusal")
        assert keeper.has("first")


def test_it_ends_at_once_when_the_pod_does(keeper: Keeper) -> None:
    """Sidecars end after the broker, and what is slow then keeps the pod."""
    with keeper.started():
        begin = time.monotonic()
    assert time.monotonic() - begin < 2
