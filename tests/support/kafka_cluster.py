"""A cluster of real brokers on loopback, and the scripts that ask it, run as in their pods.

Brokers are processes of Kafka's own classes, which Maven has. They log in with each other, as the
scripts do.
"""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self

from efd_infra.manifests.properties import properties
from rendering.engine import ROOT
from tests.support.kafka_classes import java_argv
from tests.support.loopback import free_port
from tests.support.waiting import wait_for

_PASSWORD = "a-secret"  # noqa: S105 -- of nobody
_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule required"
_LOGIN = f'{_MODULE} username="broker" password="{_PASSWORD}"'
_CLUSTER_ID = "bi1pcFrLTvSFXgYtQOxLbg"
SCRIPTS = ROOT / "efd_infra" / "artifacts" / "kafka"


wait = partial(wait_for, seconds=180)
"""Of brokers on a busy machine; they start in six seconds on a quiet one."""


class Said(NamedTuple):
    """How a script ended and what it said."""

    code: int
    out: str
    err: str


@dataclass
class KafkaCluster:
    """Brokers that also vote, each with a folder."""

    folder: Path
    libs: Path
    brokers: int
    settings: Mapping[str, str | int]
    release: str
    _ports: list[tuple[int, int]] = field(default_factory=list)
    _processes: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._ports = [(free_port(), free_port()) for _ in range(self.brokers)]
        self.client.write_text(properties(_login()), encoding="utf-8")
        for broker in range(self.brokers):
            self._format(broker)
        for broker in range(self.brokers):
            self.start(broker)
        return self

    def __exit__(self, *_: object) -> None:
        for broker in [*self._processes]:
            self.kill(broker)

    @property
    def client(self) -> Path:
        """How a client logs in."""
        return self.folder / "client.properties"

    def address(self, broker: int) -> str:
        """Return where one broker answers."""
        return f"127.0.0.1:{self._ports[broker][0]}"

    def start(self, broker: int) -> None:
        """Start a broker; its log is in its folder."""
        with self._log(broker).open("wb") as log:
            self._processes[broker] = subprocess.Popen(  # noqa: S603 -- ours
                self._java("128m", "kafka.Kafka", str(self._file(broker))),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def started(self, broker: int) -> bool:
        """Tell whether a broker says that it has started."""
        return "Kafka Server started" in self._log(broker).read_text()

    def kill(self, broker: int) -> None:
        """End a broker at once."""
        process = self._processes.pop(broker)
        process.kill()
        process.wait()

    def tool(self, main: str, *arguments: str) -> str:
        """Run one of Kafka's tools on the cluster; what it prints."""
        access = ["--bootstrap-server", self.bootstrap, "--command-config", str(self.client)]
        done = subprocess.run(  # noqa: S603 -- ours
            self._java("64m", main, *access, *arguments),
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def bootstrap(self) -> str:
        """Every broker."""
        return ",".join(map(self.address, range(self.brokers)))

    def topic(self, name: str, assignment: str, **configs: str | int) -> None:
        """Make a topic with replicas where they are said to be, such as ``0:1,1:2``."""
        given = [f"--config={key.replace('_', '.')}={value}" for key, value in configs.items()]
        place = ["--replica-assignment", assignment]
        self.tool(
            "org.apache.kafka.tools.TopicCommand", "--create", "--topic", name, *place, *given
        )

    def environment(self, bootstrap: str | None = None, **given: str) -> dict[str, str]:
        """Return the variables of a script; ``bootstrap`` is every broker when absent."""
        return {
            "PATH": "/usr/bin:/bin",
            # In a pod the launcher loads the metrics agent with it; no tool may see it.
            "JDK_JAVA_OPTIONS": "-javaagent:/nowhere.jar",
            "BOOTSTRAP": bootstrap or self.bootstrap,
            "CLIENT_PROPERTIES": str(self.client),
            "CONTROLLERS": str(self.brokers),
            "KAFKA_LIBS": str(self.libs),
            "KNOWN_NAME": "localhost:9",
            "PATIENCE": "2",
            "SETTINGS_DIR": str(SCRIPTS),
            "TOOL_TIMEOUT": "10",
            **given,
        }

    def run(self, script: str, bootstrap: str | None = None, **given: str) -> Said:
        """Run a script to its end."""
        done = subprocess.run(  # noqa: S603 -- the artifact under test
            ["/bin/sh", str(SCRIPTS / script)],
            env=self.environment(bootstrap, **given),
            check=False,
            capture_output=True,
            text=True,
        )
        return Said(done.returncode, done.stdout.strip(), done.stderr.strip())

    def on(self, broker: int, script: str, **given: str) -> Said:
        """Run a script in the pod of one broker."""
        return self.run(script, self.address(broker), **{**self._own(broker), **given})

    def readiness(self, broker: int) -> Said:
        """Ask a broker's probe of readiness, for which something has watched for a while."""
        watch = subprocess.Popen(  # noqa: S603 -- the artifact under test
            ["/bin/sh", str(SCRIPTS / "in_sync.sh")],
            env=self.environment(self.address(broker), **self._own(broker)),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert watch.stdout is not None
        watch.stdout.readline()
        os.killpg(watch.pid, signal.SIGKILL)
        watch.communicate()
        return self.on(broker, "ready.sh")

    def latch(self, broker: int) -> Path:
        """The file in which a broker's probe remembers."""
        return self.folder / f"latch-{broker}"

    def _own(self, broker: int) -> dict[str, str]:
        return {"POD_NAME": f"kafka-{broker}", "LATCH": str(self.latch(broker))}

    def _format(self, broker: int) -> None:
        voters = [f"{n}@127.0.0.1:{port}" for n, (_, port) in enumerate(self._ports)]
        login = f'{_LOGIN} user_broker="{_PASSWORD}";'
        file = self._file(broker)
        clients, controller = self._ports[broker]
        settings: dict[str, str | int] = {
            "node.id": broker,
            "process.roles": "broker,controller",
            "controller.quorum.voters": ",".join(voters),
            "controller.listener.names": "CONTROLLER",
            "listeners": f"REPLICATION://127.0.0.1:{clients},CONTROLLER://127.0.0.1:{controller}",
            "inter.broker.listener.name": "REPLICATION",
            "listener.security.protocol.map": "REPLICATION:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
            "sasl.enabled.mechanisms": "PLAIN",
            "sasl.mechanism.inter.broker.protocol": "PLAIN",
            "listener.name.replication.plain.sasl.jaas.config": login,
            "log.dirs": str(self.folder / f"data-{broker}"),
            # Or each would take a whole 128 MiB.
            "log.cleaner.dedupe.buffer.size": 4 * 2**20,
            **self.settings,
        }
        file.write_text(properties(settings), encoding="utf-8")
        elr = ["--feature", "eligible.leader.replicas.version=0"]
        options = [*elr, f"--release-version={self.release}"]
        store = ["format", f"--cluster-id={_CLUSTER_ID}", "--config", str(file), *options]
        argv = self._java("64m", "kafka.tools.StorageTool", *store)
        subprocess.run(argv, check=True, capture_output=True)  # noqa: S603 -- ours

    def _file(self, broker: int) -> Path:
        return self.folder / f"broker-{broker}.properties"

    def _log(self, broker: int) -> Path:
        return self.folder / f"broker-{broker}.log"

    def _java(self, heap: str, main: str, *arguments: str) -> list[str]:
        return java_argv(self.folder, self.libs, heap, main, *arguments)


def _login() -> dict[str, str]:
    return {
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "PLAIN",
        "sasl.jaas.config": f"{_LOGIN};",
    }
