"""The aggregator: statistics of telemetry, as topics of their own.

Owns the workers, which share the topics. Stops before the brokers and the two registries: one has
the schemas of what they read, the other those of what they write.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.disruption import one_at_a_time
from efd_infra.components.foundation.jmx_agent import JmxAgent, jmx_agent
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.log_settings import LOGGING_DIR, log_settings_volume
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod
from efd_infra.components.foundation.probe import exec_probes
from efd_infra.components.foundation.volume import Volume, config_volume, scratch_volume
from efd_infra.config.aggregation import AggregationSection
from efd_infra.config.contract import AGGREGATOR, JMX_PORT
from efd_infra.config.values import Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.aggregator import SETTINGS_DIR, STATE_DIR, aggregator_properties
from efd_infra.manifests.java import jvm_options

_SETTINGS = "aggregator.properties"
_ALIVE = "alive.sh"
_CLASSES = "/opt/kafka-aggregator/libs/*"
_MAIN = "org.lsst.efd.aggregator.Main"
_USER = 1000
"""The image names a user of its own; any unprivileged one will do."""
_NATIVE = Quantity("256Mi")
"""RocksDB's library unpacks itself to ``/tmp``: 70 MiB."""


@dataclass(frozen=True, kw_only=True)
class AggregatorArgs:
    """What the aggregator needs besides its section of the site."""

    section: AggregationSection
    platform: Platform
    namespace: pulumi.Input[str]
    kafka: KafkaLogin
    replication_factor: int
    max_message: Quantity
    after: Sequence[pulumi.Resource]
    """What must be ready first: both registries."""


class Aggregator(pulumi.ComponentResource):
    """The workers of one Kafka Streams application."""

    server: apps.v1.Deployment

    def __init__(
        self, name: str, args: AggregatorArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:Aggregator", name, {}, opts)
        identity = workloads.AGGREGATOR.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        agent = jmx_agent(name, "jmx/aggregator.yaml", AGGREGATOR, args.platform, self._placement)
        self.server = self._server(name, args, agent)
        if args.section.workers > 1:
            one_at_a_time(f"{name}-budget", AGGREGATOR.name, self._placement)
        self.register_outputs({"topics": args.section.topics})

    def _settings(self, name: str, args: AggregatorArgs) -> Volume:
        text = aggregator_properties(
            args.section,
            bootstrap=args.kafka.bootstrap,
            replication_factor=args.replication_factor,
            max_message=args.max_message,
        )
        files = {_SETTINGS: text, _ALIVE: read_artifact(f"aggregator/{_ALIVE}")}
        mounted = config_files(f"{name}-settings", files, self._placement)
        return config_volume("settings", SETTINGS_DIR, mounted)

    def _worker(self, name: str, args: AggregatorArgs, agent: JmxAgent) -> Container:
        ask = ["/bin/sh", f"{SETTINGS_DIR}/{_ALIVE}"]
        return Container(
            name="kafka-aggregator",
            image=args.platform.images.aggregator,
            command=["java"],
            args=[
                *jvm_options(args.section.heap, LOGGING_DIR),
                "-cp",
                _CLASSES,
                _MAIN,
                f"{SETTINGS_DIR}/{_SETTINGS}",
            ],
            env={**agent.env, "METRICS_PORT": str(JMX_PORT)},
            ports=agent.ports,
            volumes=[
                self._settings(name, args),
                args.kafka.volume,
                log_settings_volume(name, self._placement),
                scratch_volume("state", STATE_DIR, args.section.state),
                scratch_volume("tmp", "/tmp", _NATIVE),  # noqa: S108 -- the pod's own
                *agent.volumes,
            ],
            resources=args.section.resources,
            # It serves nobody: there is no port to ask.
            probes=exec_probes([*ask, "alive"], ready=[*ask, "running"], start=300, period=10),
        )

    def _server(self, name: str, args: AggregatorArgs, agent: JmxAgent) -> apps.v1.Deployment:
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            init_containers=[agent.init_container],
            containers=[self._worker(name, args, agent)],
            user=_USER,
            spread=args.platform.spread(args.section.workers),
        )
        return apps.v1.Deployment(
            f"{name}-server",
            metadata=self._placement.metadata(AGGREGATOR.name),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=args.section.workers,
                # Members of one group share the topics, so that old and new may overlap.
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
