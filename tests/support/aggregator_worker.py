"""The aggregator on loopback, with the settings, rights and metrics that the program gives."""

import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from devkit import images
from devkit.images import aggregator
from devkit.images.artifact import ensure_artifact
from devkit.workspace import Workspace
from efd_infra.artifacts import read_artifact
from efd_infra.config import contract, versions
from efd_infra.config.site import Site
from efd_infra.manifests.aggregator import STATE_DIR, aggregator_properties
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.kafka_users import user_rules
from efd_infra.manifests.service_users import AGGREGATOR, service_users
from tests.support.kafka_classes import kafka_libs
from tests.support.kafka_server import Broker, Java, broker, wait, write_login
from tests.support.loopback import free_port

MAIN = "org.lsst.efd.aggregator.Main"

LATE = "kafka_streams_late_records_total"
"""Metric of records that came when their windows were closed."""
SENT = "kafka_streams_thread_records_send_total"
"""Metric of records that a worker has sent."""


@dataclass
class AggregatorWorker:
    """One worker, which can be killed and started again."""

    folder: Path
    settings: str
    heap: str = "320m"
    port: int = field(default_factory=free_port)
    """Of the exporter."""
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def log(self) -> str:
        """What the worker has said."""
        return (self.folder / "worker.log").read_text()

    def start(self) -> None:
        """Start it, and wait until it has its share of the topics."""
        self._process = self._begin()
        wait(lambda: self.metrics() and self.alive("running"), "a worker that runs")

    def run(self) -> int:
        """Run it to its end, which it is expected to find by itself; its exit code."""
        return self._begin().wait(timeout=60)

    def _begin(self) -> "subprocess.Popen[bytes]":
        self.folder.mkdir(exist_ok=True)
        (self.folder / "aggregator.properties").write_text(self.settings)
        with (self.folder / "worker.log").open("ab") as said:
            return subprocess.Popen(  # noqa: S603 -- ours
                self._argv(), stdout=said, stderr=subprocess.STDOUT
            )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; with SIGKILL it cannot finish anything."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=60)
            self._process = None

    def metrics(self) -> list[str]:
        """Return the lines of the exporter; none before it answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
                return [line for line in answer.read().decode().splitlines() if line[0] != "#"]
        except (URLError, OSError):
            return []

    def counted(self, name: str) -> float:
        """Return the sum of a metric over threads and tasks."""
        lines = [line for line in self.metrics() if line.startswith(name)]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def alive(self, asked: str) -> bool:
        """Return what the probe of its pod says."""
        done = subprocess.run(  # noqa: S603 -- the artifact for its pod
            ["/bin/sh", "-c", read_artifact("aggregator/alive.sh"), "alive.sh", asked],
            env={"PATH": "/usr/bin:/bin", "METRICS_PORT": str(self.port)},
            check=False,
        )
        return done.returncode == 0

    def _argv(self) -> list[str]:
        cache = Workspace.from_environment().cache
        name = versions.JMX_EXPORTER_URL.rpartition("/")[2].removesuffix(".jar")
        artifact, _, version = name.rpartition("-")
        agent = ensure_artifact(
            cache, f"io.prometheus.jmx:{artifact}:{version}", versions.JMX_EXPORTER_SHA256
        )
        rules, logging = self.folder / "rules.yaml", self.folder / "log4j2.properties"
        rules.write_text(read_artifact("jmx/aggregator.yaml"))
        logging.write_text(read_artifact("logging/log4j2.properties"))
        libs = images.unpacked(cache, aggregator.CLASSES) / "opt" / "kafka-aggregator" / "libs"
        return [
            "java",
            f"-Xmx{self.heap}",
            "-XX:TieredStopAtLevel=1",
            f"-Dlog4j2.configurationFile={logging}",
            f"-javaagent:{agent}=127.0.0.1:{self.port}:{rules}",
            "-cp",
            f"{libs}/*",
            MAIN,
            str(self.folder / "aggregator.properties"),
        ]


@dataclass(frozen=True)
class Aggregation:
    """A broker, and what workers are started with."""

    broker: Broker
    folder: Path
    settings: str
    heap: str
    """Of a worker."""

    @property
    def denied(self) -> list[str]:
        """What the broker has denied to anybody."""
        lines = (self.folder / "Kafka.log").read_text().splitlines()
        return [line for line in lines if "is Denied operation" in line]

    @contextmanager
    def worker(self, name: str) -> Iterator[AggregatorWorker]:
        """Run a worker with a state of its own."""
        folder = self.folder / name
        settings = self.settings.replace(STATE_DIR, str(folder / "state"))
        here = AggregatorWorker(folder, settings, self.heap)
        here.start()
        try:
            yield here
        finally:
            here.stop(signal.SIGKILL)


@contextmanager
def aggregation(
    folder: Path, site: Site, registries: Mapping[str, str], heap: str = "320m", **more: str
) -> Iterator[Aggregation]:
    """Run a broker; ``registries`` are other addresses for the two of the site.

    Broker and workers have this heap, and the settings that are given besides the site's.
    """
    section = site.streaming.aggregation
    assert section is not None
    (user,) = [service.user for service in service_users(site) if service.user.name == AGGREGATOR]
    login = write_login(folder / "login", user.name)
    rules = user_rules([user]).splitlines()
    with broker(Java(folder, kafka_libs(), heap=heap), user.name, rules) as kafka:
        _one_copy_of_transactions(kafka)
        text = aggregator_properties(
            section,
            bootstrap=kafka.login,
            replication_factor=1,
            max_message=site.streaming.kafka.max_message,
        )
        text = text.replace(LOGIN_DIR, str(login))
        for there, here in registries.items():
            text = text.replace(f"url={there}\n", f"url={here}\n")
        # Not to wait half a minute until what has been read is deleted.
        text += "repartition.purge.interval.ms=1000\n"
        text += "".join(f"{key.replace('_', '.')}={value}\n" for key, value in more.items())
        yield Aggregation(kafka, folder, text, heap)


def registries(records: str, aggregates: str) -> dict[str, str]:
    """Return addresses on loopback by those of a site."""
    return {
        contract.SCHEMA_REGISTRY.url: records,
        contract.AGGREGATED_SCHEMA_REGISTRY.url: aggregates,
    }


def _one_copy_of_transactions(kafka: Broker) -> None:
    """Make the topic of transactions: one broker has not the copies that it would make."""
    settings = {"cleanup.policy": "compact", "min.insync.replicas": "1"}
    topic = NewTopic("__transaction_state", 50, 1, config=settings)
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    admin.create_topics([topic])[topic.topic].result(timeout=30)
