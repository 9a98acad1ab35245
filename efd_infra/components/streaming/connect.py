"""Kafka Connect, the workers that run connectors.

Owns the workers and their address. Stops before connectors, which the Connect manager creates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.disruption import one_at_a_time
from efd_infra.components.foundation.jmx_agent import JmxAgent, jmx_agent
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.log_settings import LOGGING_DIR, log_settings_volume
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import cluster_service
from efd_infra.components.foundation.volume import (
    Volume,
    config_volume,
    scratch_volume,
    secret_volume,
)
from efd_infra.config.contract import KAFKA_CONNECT
from efd_infra.config.streaming import ConnectSection
from efd_infra.config.values import Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.connect import INFLUXDB_USER, SECRETS_DIR, worker_properties
from efd_infra.manifests.java import KAFKA_CLASSES, jvm_options

_SETTINGS_DIR = "/etc/efd/connect"
_SETTINGS = "connect-distributed.properties"
_USER = 1001
"""The user of Strimzi's images, from which the observatory's is made."""


@dataclass(frozen=True, kw_only=True)
class ConnectArgs:
    """What Connect needs besides its section of the site."""

    section: ConnectSection
    platform: Platform
    namespace: pulumi.Input[str]
    kafka: KafkaLogin
    registry_url: str
    replication_factor: int
    max_message: Quantity
    influxdb_secret: pulumi.Input[str]
    """A Secret in this namespace with the keys ``username`` and ``password``."""
    after: Sequence[pulumi.Resource]
    """What must be ready first: the brokers and the registry."""


class Connect(pulumi.ComponentResource):
    """The workers at their in-cluster name."""

    url: pulumi.Output[str]
    """The in-cluster address of the REST interface."""
    server: apps.v1.Deployment

    def __init__(
        self, name: str, args: ConnectArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:Connect", name, {}, opts)
        identity = workloads.CONNECT.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        agent = jmx_agent(name, "jmx/connect.yaml", KAFKA_CONNECT, args.platform, self._placement)
        self.server = self._server(name, args, self._worker(name, args, agent), agent)
        self._service(name, args)
        self.url = pulumi.Output.from_input(KAFKA_CONNECT.url)
        self.register_outputs({"url": self.url})

    def _worker(self, name: str, args: ConnectArgs, agent: JmxAgent) -> Container:
        return Container(
            name="kafka-connect",
            image=args.platform.images.connect,
            command=["java"],
            args=[
                *jvm_options(args.section.heap, LOGGING_DIR),
                "-cp",
                KAFKA_CLASSES,
                "org.apache.kafka.connect.cli.ConnectDistributed",
                f"{_SETTINGS_DIR}/{_SETTINGS}",
            ],
            env=agent.env,
            ports={"http": KAFKA_CONNECT.port, **agent.ports},
            volumes=[
                self._settings(name, args),
                args.kafka.volume,
                log_settings_volume(name, self._placement),
                secret_volume(
                    INFLUXDB_USER, f"{SECRETS_DIR}/{INFLUXDB_USER}", args.influxdb_secret
                ),
                scratch_volume("tmp", "/tmp", Quantity("64Mi")),  # noqa: S108 -- the pod's own
                *agent.volumes,
            ],
            resources=args.section.resources,
            # Answered by a worker only once it has joined the group and read what runs.
            probes=http_probes("http", ready="/connectors", start=300),
        )

    def _settings(self, name: str, args: ConnectArgs) -> Volume:
        text = worker_properties(
            args.section,
            bootstrap=args.kafka.bootstrap,
            registry_url=args.registry_url,
            replication_factor=args.replication_factor,
            max_message=args.max_message,
        )
        files = config_files(f"{name}-settings", {_SETTINGS: text}, self._placement)
        return config_volume("settings", _SETTINGS_DIR, files)

    def _server(
        self, name: str, args: ConnectArgs, worker: Container, agent: JmxAgent
    ) -> apps.v1.Deployment:
        pod = Pod(
            identity=self._placement.identity,
            images=args.platform.images,
            init_containers=[agent.init_container],
            containers=[worker],
            user=_USER,
            spread=args.platform.spread(args.section.replicas),
        )
        return apps.v1.Deployment(
            f"{name}-server",
            metadata=self._placement.metadata(KAFKA_CONNECT.name),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=args.section.replicas,
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )

    def _service(self, name: str, args: ConnectArgs) -> None:
        cluster_service(f"{name}-service", KAFKA_CONNECT, "http", self._placement)
        if args.section.replicas > 1:
            one_at_a_time(f"{name}-budget", KAFKA_CONNECT.name, self._placement)
