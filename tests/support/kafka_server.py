"""A real broker on loopback, without a container: Kafka's own classes, which Maven has."""

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AclBinding,  # pyright: ignore[reportPrivateImportUsage]
    AclOperation,  # pyright: ignore[reportPrivateImportUsage]
    AclPermissionType,  # pyright: ignore[reportPrivateImportUsage]
    AdminClient,
    ResourcePatternType,  # pyright: ignore[reportPrivateImportUsage]
    ResourceType,  # pyright: ignore[reportPrivateImportUsage]
)

from efd_infra.manifests.properties import properties
from tests.support.kafka_classes import java_argv
from tests.support.loopback import free_port
from tests.support.waiting import wait_for

wait = partial(wait_for, seconds=60)
"""Of a server on a busy machine; one starts in five seconds on a quiet one."""


@dataclass(frozen=True)
class Java:
    """Programs of Kafka's classes, with their files in one folder."""

    folder: Path
    libs: Path
    options: tuple[str, ...] = ()
    """Of the Java of servers, such as an agent."""
    heap: str = "320m"

    def _argv(self, main: str, *arguments: str) -> list[str]:
        return java_argv(self.folder, self.libs, self.heap, main, *arguments)

    def run(self, main: str, *arguments: str) -> None:
        """Run a program to its end."""
        subprocess.run(self._argv(main, *arguments), check=True, capture_output=True)  # noqa: S603 -- ours

    @contextmanager
    def running(self, main: str, settings: Mapping[str, str | int]) -> Iterator[Path]:
        """Keep a server running; give the file with what it says."""
        name = main.rpartition(".")[2]
        file, log = self.folder / f"{name}.properties", self.folder / f"{name}.log"
        file.write_text(properties(settings), encoding="utf-8")
        with log.open("wb") as said:
            java, *arguments = self._argv(main, str(file))
            process = subprocess.Popen(  # noqa: S603 -- ours
                [java, *self.options, *arguments], stdout=said, stderr=subprocess.STDOUT
            )
        try:
            yield log
        finally:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Broker:
    """Where one broker answers."""

    bootstrap: str
    """Anybody."""
    login: str
    """Whoever logs in with SASL_PLAINTEXT and SCRAM-SHA-512."""


PASSWORD = "a secret"  # noqa: S105 -- of a user on loopback
"""Of the one user who may log in."""


def write_login(folder: Path, user: str) -> Path:
    """Write the files of a user's Secret, and return their folder."""
    folder.mkdir()
    (folder / "username").write_text(user)
    (folder / "password").write_text(PASSWORD)
    return folder


@contextmanager
def broker(java: Java, user: str, rules: Iterable[str] | None = None) -> Iterator[Broker]:
    """Run one broker; ``user`` may do what the rules say, or everything without any."""
    clients, login, controller = free_port(), free_port(), free_port()
    settings: dict[str, str | int] = {
        "process.roles": "broker,controller",
        "node.id": 0,
        "controller.quorum.voters": f"0@127.0.0.1:{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"CLIENTS://127.0.0.1:{clients},LOGIN://127.0.0.1:{login},"
        f"CONTROLLER://127.0.0.1:{controller}",
        "inter.broker.listener.name": "CLIENTS",
        "listener.security.protocol.map": "CLIENTS:PLAINTEXT,LOGIN:SASL_PLAINTEXT,"
        "CONTROLLER:PLAINTEXT",
        "listener.name.login.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.login.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "log.dirs": str(java.folder / "data"),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS" + (f";User:{user}" if rules is None else ""),
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 1,
        "group.initial.rebalance.delay.ms": 0,
    }
    file = java.folder / "format.properties"
    file.write_text(properties(settings), encoding="utf-8")
    scram = f"SCRAM-SHA-512=[name={user},password={PASSWORD}]"
    storage = ["format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", str(file), "--add-scram", scram]
    java.run("kafka.tools.StorageTool", *storage)
    with java.running("kafka.Kafka", settings) as log:
        wait(lambda: "Kafka Server started" in log.read_text(), "a broker")
        if rules is not None:
            _allow(f"127.0.0.1:{clients}", rules)
        yield Broker(f"127.0.0.1:{clients}", f"127.0.0.1:{login}")


def _allow(bootstrap: str, rules: Iterable[str]) -> None:
    """Set rules, in the words in which the program gives them to its Job."""
    client = AdminClient({"bootstrap.servers": bootstrap})
    for done in client.create_acls([_binding(rule) for rule in rules]).values():
        done.result(timeout=30)


def _binding(rule: str) -> AclBinding:
    principal, permission, host, operation, kind, pattern, name = rule.split("\t")
    return AclBinding(
        ResourceType["BROKER" if kind == "CLUSTER" else kind],
        name,
        ResourcePatternType[pattern],
        principal,
        host,
        AclOperation[operation],
        AclPermissionType[permission],
    )
