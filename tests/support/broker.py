"""A real Kafka node on loopback, with the settings that the program gives the first broker."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rendering.engine import run_program
from tests.support.full_site import changed, full_site, without
from tests.support.kafka_classes import java_argv, kafka_libs
from tests.support.kafka_node import node_settings
from tests.support.loopback import free_port
from tests.support.waiting import wait_for

USER = "analyst"
PASSWORD = "known to the test"  # noqa: S105 -- of a broker that lives for a moment
_LISTENERS = ("REPLICATION", "INTERNAL", "SERVICES", "EXTERNAL", "CONTROLLER")


@dataclass(frozen=True)
class Broker:
    """One node, the only one of its cluster, and one user of it."""

    folder: Path
    keystore: Path
    advertised: str = "localhost"
    """The host that it tells clients from outside."""
    ports: Mapping[str, int] = field(
        default_factory=lambda: {name: free_port() for name in _LISTENERS}
    )

    @property
    def external(self) -> str:
        """Where clients from outside begin."""
        return f"localhost:{self.ports['EXTERNAL']}"

    @property
    def client_properties(self) -> Path:
        """How the broker itself logs in."""
        path = self.folder / "client.properties"
        path.write_text(
            "security.protocol=SASL_PLAINTEXT\n"
            "sasl.mechanism=PLAIN\n"
            "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required "
            'username="broker-1" password="secret";\n'
        )
        return path

    def _settings(self) -> Path:
        kafka = "streaming.kafka"
        site = without(full_site(), "replication")
        for key in ("brokers", "replicationFactor", "minInSyncReplicas", "loginGeneration"):
            site = changed(site, f"{kafka}.{key}", 1)
        site = changed(site, f"{kafka}.storage.size", "9Ti")
        given = node_settings(run_program(site), 0, self.folder)
        listeners = [f"{name}://127.0.0.1:{port}" for name, port in self.ports.items()]
        own = {
            "listeners": ",".join(listeners),
            "advertised.listeners": ",".join(
                f"{name}://{self.advertised if name == 'EXTERNAL' else 'localhost'}:{port}"
                for name, port in self.ports.items()
                if name != "CONTROLLER"
            ),
            "controller.quorum.voters": f"0@localhost:{self.ports['CONTROLLER']}",
            "log.dirs": str(self.folder / "data"),
            "listener.name.external.ssl.keystore.location": str(self.keystore),
        }
        assert set(own) <= set(given), "the program calls it something else"
        path = self.folder / "node.properties"
        path.write_text("".join(f"{key}={value}\n" for key, value in (given | own).items()))
        return path

    def _java(self, main: str, *arguments: str) -> list[str]:
        return java_argv(self.folder, kafka_libs(), "256m", main, *arguments)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run it until it is no longer needed."""
        settings, log = self._settings(), self.folder / "broker.log"
        scram = f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]"
        tool = ["format", "--cluster-id=bi1pcFrLTvSFXgYtQOxLbg", f"--config={settings}"]
        formatting = self._java("kafka.tools.StorageTool", *tool, "--add-scram", scram)
        subprocess.run(formatting, check=True, capture_output=True)  # noqa: S603 -- Kafka's tool
        with log.open("wb") as said:
            process = subprocess.Popen(  # noqa: S603 -- Kafka
                self._java("kafka.Kafka", str(settings)), stdout=said, stderr=said
            )
        try:
            wait_for(lambda: "Kafka Server started" in log.read_text(), "a broker", 60)
            yield
        finally:
            process.terminate()
            process.wait(30)
