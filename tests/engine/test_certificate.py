"""A certificate is renewed while a real broker runs, with the settings that the program writes."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509

from tests.support.broker import Broker
from tests.support.certificate_keeper import Keeper, wait
from tests.support.kafka_classes import kafka_libs
from tests.support.waiting import wait_for

pytestmark = pytest.mark.engine

_NAMES = ("localhost",)
_VERSIONS = bytes.fromhex("0000000f 0012 0000 00000007 0005 70726f6265")
_HANDSHAKE = bytes.fromhex("0000001e 0011 0001 00000007 0005 70726f6265 000d") + b"SCRAM-SHA-512"
"""Kafka's first two questions, asked before a login: ApiVersions, SaslHandshake."""


@dataclass(frozen=True)
class Connection:
    """A TLS connection of a client from outside."""

    tls: ssl.SSLSocket

    @property
    def serial(self) -> int:
        """The serial number of the certificate that was shown."""
        shown = self.tls.getpeercert(binary_form=True)
        assert shown is not None
        return x509.load_der_x509_certificate(shown).serial_number

    def is_answered(self, question: bytes) -> bool:
        """Whether the broker answers here."""
        self.tls.sendall(question)
        size = int.from_bytes(self.tls.recv(4), "big")
        answer = self.tls.recv(size)
        return answer[:4] == bytes.fromhex("00000007")


@contextmanager
def _connected(port: int, authority: Path) -> Iterator[Connection]:
    context = ssl.create_default_context(cafile=authority)
    with (
        socket.create_connection(("127.0.0.1", port), 10) as raw,
        context.wrap_socket(raw, server_hostname="localhost") as tls,
    ):
        yield Connection(tls)


def _overrides(broker: Broker) -> str:
    """Return the dynamic configuration of the broker, as Kafka's tool lists it."""
    command = ["java", "-Xmx64m", "-cp", f"{kafka_libs()}/*", "kafka.admin.ConfigCommand"]
    command += ["--bootstrap-server", f"localhost:{broker.ports['REPLICATION']}"]
    command += ["--command-config", str(broker.client_properties)]
    command += ["--entity-type", "brokers", "--entity-name", "0", "--describe"]
    told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    _, _, listed = told.stdout.partition("Dynamic configs for broker 0 are:\n")
    return listed.strip()


@dataclass(frozen=True)
class Stand:
    """A broker with what keeps its certificate."""

    broker: Broker
    keeper: Keeper

    @property
    def port(self) -> int:
        """Where the broker shows its certificate."""
        return self.broker.ports["EXTERNAL"]

    @property
    def authority(self) -> Path:
        """Who signs its certificates."""
        return self.keeper.folder / "authority" / "ca.crt"

    def serial(self, name: str) -> int:
        """Return the serial number of a pair."""
        text = self.keeper.pair(name)["tls.crt"].encode()
        return x509.load_pem_x509_certificate(text).serial_number

    def shown(self) -> int | None:
        """Return the serial number that a new client sees; None where it sees none."""
        try:
            with _connected(self.port, self.authority) as connection:
                return connection.serial
        except OSError:
            return None


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A broker whose certificate is `first`."""
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "broker").mkdir()
    broker = Broker(folder / "broker", keystore=folder / "run" / "external.pem")
    keeper = Keeper(
        folder,
        table=f"EXTERNAL {broker.ports['EXTERNAL']} localhost 31090 1\n",
        env={
            "BOOTSTRAP": f"localhost:{broker.ports['REPLICATION']}",
            "BOOTSTRAP_HOST": "localhost",
            "CLIENT_PROPERTIES": str(broker.client_properties),
            "KAFKA_LIBS": str(kafka_libs()),
            "POD_NAME": "cp-helm-charts-cp-kafka-0",
        },
    )
    keeper.issue("first", _NAMES)
    keeper.give(keeper.pair("first"))
    with keeper.running():
        wait(keeper.keystore.exists, "a file")
        with broker.running():
            yield Stand(broker, keeper)


def _foreign(folder: Path) -> dict[str, str]:
    """Return a pair on a curve that Java has given up (JDK-8235540): no handshake succeeds."""
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:secp256k1",
    ]
    command += ["-nodes", "-subj", "/CN=fourth", "-addext", "subjectAltName=DNS:localhost"]
    command += ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- a pair for a test
    return {
        "tls.key": (folder / "key").read_text(),
        "tls.crt": (folder / "certificate").read_text(),
    }


def test_a_new_client_sees_the_renewed_certificate_and_an_old_one_stays(stand: Stand) -> None:
    with _connected(stand.port, stand.authority) as old:
        assert old.serial == stand.serial("first")
        assert old.is_answered(_VERSIONS)
        stand.keeper.issue("second", _NAMES)
        stand.keeper.give(stand.keeper.pair("second"))
        wait_for(
            lambda: stand.shown() == stand.serial("second"),
            "the renewed certificate",
            90,
        )
        wait_for(lambda: "renewed: valid" in stand.keeper.log, "a word of it", 90)
        assert old.is_answered(_HANDSHAKE), "connections go on"
    assert _overrides(stand.broker) == "", "the next start reads the file, not the metadata"


def test_a_bad_pair_leaves_the_one_in_use(stand: Stand) -> None:
    before = stand.shown()
    assert before is not None
    stand.keeper.issue("third", _NAMES)
    stand.keeper.give(stand.keeper.pair("third", "second"))
    wait(lambda: "refused: tls.key is not the key of tls.crt" in stand.keeper.log, "a refusal")
    assert stand.shown() == before


def test_what_the_broker_cannot_use_after_all_is_taken_back(stand: Stand, tmp_path: Path) -> None:
    before = stand.shown()
    assert before is not None
    stand.keeper.give(_foreign(tmp_path))
    wait_for(
        lambda: "does not show the renewed certificate" in stand.keeper.log,
        "a complaint",
        90,
    )
    wait_for(
        lambda: stand.keeper.has("second") and stand.shown() == before,
        "the one before",
        90,
    )
    wait_for(lambda: _overrides(stand.broker) == "", "nothing of it in the metadata", 90)
