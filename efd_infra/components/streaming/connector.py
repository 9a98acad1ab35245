"""One connector into InfluxDB, kept up to date by the observatory's Connect manager.

Owns the process that creates the connector, adds new topics to it, repairs it and restarts
what has failed of it. Stops before the workers that run it.
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
from efd_infra.components.foundation.pod import Container, Pod, SecretValue
from efd_infra.components.foundation.probe import exec_probes
from efd_infra.components.foundation.volume import config_volume, scratch_volume
from efd_infra.config.cluster import Resources
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.connectors import influxdb_sink_environment

_CHECK_DIR = "/etc/efd/connector"
_CHECK = "check.py"
_CHECK_PERIOD = 60
"""Seconds between two comparisons of the connector with what it should be."""
_LONGEST_PAUSE = 45
"""Minutes between two looks for failures, beyond which nobody looks any more."""
_SCRATCH_DIR = "/run/efd"
_START = 300
"""Seconds until the connector is in place."""
_USER = 1000
"""The images name users of their own; any unprivileged one will do."""
_SMALL = Resources(
    cpu=Cpu("50m"), memory=Quantity("128Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("256Mi")
)


@dataclass(frozen=True, kw_only=True)
class ConnectorArgs:
    """What a connector needs besides its section of the site."""

    section: InfluxDbSinkSection
    platform: Platform
    namespace: pulumi.Input[str]
    kafka: KafkaLogin
    connect_url: str
    influxdb_url: str
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
        manager = self._manager(name, args)
        self.server = self._server(name, args, [manager, _restarter(args)])
        self.register_outputs({"name": args.section.name})

    def _manager(self, name: str, args: ConnectorArgs) -> Container:
        check = config_files(
            f"{name}-check", {_CHECK: read_artifact(f"connect/{_CHECK}")}, self._placement
        )
        return Container(
            name="manager",
            image=args.platform.images.connect_manager,
            command=["kafkaconnect", "create", "influxdb-sink", "--auto-update"],
            env={
                **influxdb_sink_environment(
                    args.section,
                    bootstrap=args.kafka.bootstrap,
                    connect_url=args.connect_url,
                    influxdb_url=args.influxdb_url,
                ),
                # It reads them from no file.
                "KAFKA_USERNAME": SecretValue(secret=args.kafka.secret, key="username"),
                "KAFKA_PASSWORD": SecretValue(secret=args.kafka.secret, key="password"),
                "PYTHONUNBUFFERED": "1",
            },
            volumes=[config_volume("check", _CHECK_DIR, check)],
            resources=_SMALL,
            probes=exec_probes(
                ["python3", f"{_CHECK_DIR}/{_CHECK}"], start=_START, period=_CHECK_PERIOD
            ),
        )

    def _server(
        self, name: str, args: ConnectorArgs, containers: Sequence[Container]
    ) -> apps.v1.Deployment:
        pod = Pod(
            identity=self._placement.identity,
            images=args.platform.images,
            containers=containers,
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


def _restarter(args: ConnectorArgs) -> Container:
    looked = f"{_SCRATCH_DIR}/looked"
    return Container(
        name="restarter",
        image=args.platform.images.fetch,
        command=["/bin/sh", "-c", read_artifact("connect/restart.sh")],
        env={
            "CONNECT_URL": args.connect_url,
            "CONNECTOR": args.section.name,
            "LOOKED": looked,
        },
        volumes=[scratch_volume("scratch", _SCRATCH_DIR, Quantity("1Mi"))],
        resources=Resources(
            cpu=Cpu("10m"),
            memory=Quantity("16Mi"),
            cpu_limit=Cpu("100m"),
            memory_limit=Quantity("32Mi"),
        ),
        probes=exec_probes(
            ["/bin/sh", "-c", f"find {looked} -mmin -{_LONGEST_PAUSE} | grep -q ."],
            start=_START,
            period=_CHECK_PERIOD,
        ),
    )
