"""One connector, with its configuration from whatever makes it.

Owns the process that creates the connector, adds new topics to it, puts it back and restarts
what has failed of it, and the name by which that is scraped. Stops before the workers that run
the connector.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import headless_service
from efd_infra.components.foundation.volume import config_volume
from efd_infra.config.archive import ConnectSinkSection
from efd_infra.config.cluster import Resources
from efd_infra.config.contract import CONNECT_MANAGER_PORT, connect_manager
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.connectors import added_settings, manager_environment
from efd_infra.manifests.generation import generation

_DIR = "/etc/efd/connect-manager"
_MANAGER = "manage.py"
_ADDITIONS = "additions.json"
_START = 120
"""Seconds until the manager answers."""
_USER = 1000
"""The images name users of their own; any unprivileged one will do."""
_SMALL = Resources(
    cpu=Cpu("50m"), memory=Quantity("128Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("256Mi")
)


@dataclass(frozen=True, kw_only=True)
class ConnectorArgs:
    """What a connector needs besides its section of the site."""

    section: ConnectSinkSection
    platform: Platform
    namespace: pulumi.Input[str]
    kafka: KafkaLogin
    connect_url: str
    influxdb_url: str
    replication_factor: int
    max_message: Quantity
    after: Sequence[pulumi.Resource]
    """What must be ready first: the workers and the databases."""


class Connector(pulumi.ComponentResource):
    """The manager of one connector, named like it."""

    server: apps.v1.Deployment

    def __init__(
        self, name: str, args: ConnectorArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:Connector", name, {}, opts)
        identity = workloads.sink(args.section).identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self.server = self._server(name, args, self._manager(name, args))
        ports = {"metrics": CONNECT_MANAGER_PORT}
        address = connect_manager(args.section.name)
        headless_service(f"{name}-metrics", address, ports, self._placement)
        self.register_outputs({"name": args.section.name})

    def _manager(self, name: str, args: ConnectorArgs) -> Container:
        made = generation(
            args.section,
            bootstrap=args.kafka.bootstrap,
            connect_url=args.connect_url,
            influxdb_url=args.influxdb_url,
        )
        files = {_MANAGER: read_artifact(f"connect/{_MANAGER}"), **made.files}
        files[_ADDITIONS] = added_settings(args.section, replication_factor=args.replication_factor)
        mounted = config_files(f"{name}-manager-files", files, self._placement)
        return Container(
            name="manager",
            image=args.platform.images.connect_manager,
            command=["python3", f"{_DIR}/{_MANAGER}"],
            env={
                **made.environment,
                **manager_environment(args.max_message, CONNECT_MANAGER_PORT),
                "ADDITIONS": f"{_DIR}/{_ADDITIONS}",
                "GENERATOR": made.command.format(folder=_DIR),
            },
            ports={"metrics": CONNECT_MANAGER_PORT},
            volumes=[
                config_volume("manager", _DIR, mounted),
                *([args.kafka.volume] if made.asks_kafka else []),
            ],
            resources=_SMALL,
            # Ready is a manager whose connector is as it should be, which takes brokers, workers
            # and InfluxDB. To restart it mends none of them.
            probes=http_probes(
                "metrics", ready="/ready", alive="/alive", started="/alive", start=_START
            ),
        )

    def _server(self, name: str, args: ConnectorArgs, manager: Container) -> apps.v1.Deployment:
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            containers=[manager],
            user=_USER,
        )
        return apps.v1.Deployment(
            f"{name}-manager",
            metadata=self._placement.metadata(args.section.name),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=1,
                selector=self._placement.selector,
                # Two managers with different settings would overwrite each other's connector.
                strategy=apps.v1.DeploymentStrategyArgs(type="Recreate"),
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
