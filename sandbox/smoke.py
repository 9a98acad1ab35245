"""A few records on their way through a sandbox: from a producer to points of InfluxDB."""

import base64
import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import KafkaError

from devkit.traffic import arrivals, observatory
from devkit.traffic.access import Web
from devkit.traffic.account import Arrivals
from devkit.traffic.framing import frame
from devkit.traffic.influx import Influx
from devkit.traffic.ledger import Ledger, LedgerWriter
from devkit.traffic.recipe import Recipe
from devkit.traffic.registry import Registry
from devkit.traffic.stamps import DistinctStamps, now
from devkit.traffic.topic import Topic
from efd_infra.config.contract import INFLUXDB, KAFKA_VIP, SCHEMA_REGISTRY, ServiceAddress
from efd_infra.config.site import Site
from efd_infra.config.streaming import InfluxDbSinkSection
from sandbox.errors import SandboxError
from sandbox.tunnel import forwarded, resolved

RECORDS = 10
_SEED = 1
_ARRIVED = 180.0
"""Seconds until there must be points, from when the sink has looked for new topics."""
_ANSWER = 60_000
"""Milliseconds for one answer of the brokers."""


@dataclass(frozen=True)
class Smoke:
    """A site whose containers run, and how its cluster is reached."""

    site: Site
    kubectl: Sequence[str]
    """The beginning of a command line, with the cluster's kubeconfig."""
    authority: Path | None
    """Of the brokers' certificates; None where this machine trusts them anyway."""

    def run(self, say: Callable[[str], None]) -> Arrivals:
        """Send records of a topic that nobody else has, and compare all of its points with them.

        Raises
        ------
        SandboxError, DevkitError
            When a server on the way cannot be reached, or refuses.
        """
        topic = _topic()
        user, sink = self._producer(topic), self._sink(topic)
        with tempfile.TemporaryDirectory(prefix="efd-smoke-") as folder, ExitStack() as ways:
            ledger = Path(folder) / "smoke.ledger"
            registry = Registry(Web(self._url(ways, SCHEMA_REGISTRY)))
            say(f"sending {RECORDS} records to {topic.name}" + (f" as {user}" if user else ""))
            self._send(topic, registry.register(topic), ledger, self._kafka(ways, user))
            login = self._secret(INFLUXDB.namespace, "influxdb-admin")
            web = Web(self._url(ways, INFLUXDB), login["username"], login["password"])
            every = sink.check_interval
            say(f"waiting for their points; {sink.name} looks for new topics every {every}")
            patience = every.seconds + _ARRIVED
            return arrivals.wait(Influx(web, sink.database), Ledger([ledger]), patience)

    def _producer(self, topic: Topic) -> str | None:
        """Return a user who may send the topic; None where nobody logs in."""
        kafka = self.site.streaming.kafka
        if not kafka.external and kafka.internal.anonymous:
            return None
        for user in kafka.users:
            if any(topic.name.startswith(prefix) for prefix in user.produces):
                return user.name
        raise SandboxError(f"no user of streaming.kafka.users produces {topic.name}")

    def _sink(self, topic: Topic) -> InfluxDbSinkSection:
        for sink in self.site.streaming.connectors:
            excluded = sink.excluded and re.fullmatch(sink.excluded, topic.name)
            if re.fullmatch(sink.topics, topic.name) and not (sink.aggregated or excluded):
                return sink
        raise SandboxError(f"no sink of streaming.connectors reads {topic.name}")

    def _url(self, ways: ExitStack, service: ServiceAddress) -> str:
        target = f"service/{service.name}"
        way = forwarded(self.kubectl, service.namespace, target, service.port)
        host, port = ways.enter_context(way)
        return f"http://{host}:{port}"

    def _kafka(self, ways: ExitStack, user: str | None) -> dict[str, Any]:
        """Open a way to every broker, and return the settings of a client that takes them."""
        kafka = self.site.streaming.kafka
        listener = kafka.external.listener if kafka.external else kafka.internal.listener
        brokers = range(kafka.brokers)
        places = {}
        for number in brokers:
            pod = f"pod/{KAFKA_VIP.name}-{number}"
            way = forwarded(self.kubectl, KAFKA_VIP.namespace, pod, listener.port)
            host = listener.advertised.host(number)
            places[host, listener.broker_port(number)] = ways.enter_context(way)
        ways.enter_context(resolved(places))
        settings: dict[str, Any] = {
            "bootstrap_servers": [listener.address(number) for number in brokers],
            "security_protocol": listener.protocol,
            "request_timeout_ms": _ANSWER,
        }
        if listener.encrypted and self.authority:
            settings["ssl_cafile"] = str(self.authority)
        if user:
            login = self._secret(KAFKA_VIP.namespace, f"kafka-user-{user}")
            settings |= {
                "sasl_mechanism": listener.mechanism,
                "sasl_plain_username": login["username"],
                "sasl_plain_password": login["password"],
            }
        return settings

    def _send(self, topic: Topic, schema: int, path: Path, settings: dict[str, Any]) -> None:
        writer = LedgerWriter(path, _SEED, [topic.name])
        encode, stamps = Recipe(topic, _SEED).encode, DistinctStamps()
        try:
            # Types that pyright brings are those of another version.
            admin: Any = KafkaAdminClient(**settings)
            with closing(admin):
                admin.create_topics([topic.name])
            with closing(KafkaProducer(**settings, acks="all")) as producer:
                for sequence in range(1, RECORDS + 1):
                    efd = stamps.next()
                    value = frame(schema) + encode(sequence, efd)
                    sent = producer.send(topic.name, value).get(_ANSWER / 1000)
                    writer.acknowledged(0, sequence, efd, sent.partition, sent.offset, efd, now())
        except KafkaError as error:
            raise SandboxError(f"Kafka does not take {topic.name}: {error}") from None
        finally:
            writer.close()

    def _secret(self, namespace: str, instance: str) -> dict[str, str]:
        label = f"--selector=app.kubernetes.io/instance={instance}"
        done = subprocess.run(  # noqa: S603 -- the kubectl of a ground
            [*self.kubectl, "get", "secrets", f"--namespace={namespace}", label, "-o", "json"],
            check=False,
            capture_output=True,
            text=True,
        )
        items = json.loads(done.stdout)["items"] if done.returncode == 0 else []
        if len(items) != 1:
            raise SandboxError(f"{namespace} has no Secret {instance}: {done.stderr.strip()}")
        data: dict[str, str] = items[0]["data"]
        return {key: base64.b64decode(value).decode() for key, value in data.items()}


def _topic() -> Topic:
    """Return a topic of a name of its own: all points of it are this run's.

    It has no arrays, which sinks call by different names.
    """
    topics = observatory.topics([f"Smoke{datetime.now(UTC):%Y%m%d%H%M%S}"])
    return next(topic for topic in topics if not any(field.length for field in topic.payload))
