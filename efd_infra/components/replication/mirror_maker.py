"""MirrorMaker 2: pulls topics from another site, names and bytes as they are.

Owns the workers, in a Connect cluster of their own. Stops before the registry that reads the
mirrored schemas.
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
from efd_infra.components.foundation.probe import tcp_probes
from efd_infra.components.foundation.volume import (
    Volume,
    config_volume,
    scratch_volume,
    secret_volume,
)
from efd_infra.config.contract import JMX_PORT, MIRROR_MAKER
from efd_infra.config.replication import ReplicationSection
from efd_infra.config.values import Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.java import KAFKA_CLASSES, jvm_options
from efd_infra.manifests.mirror_maker import SOURCE_LOGIN_DIR, mirror_maker_properties

_SETTINGS_DIR = "/etc/efd/mirror-maker"
_SETTINGS = "mirror-maker.properties"
_ALIVE = "alive.sh"
_USER = 1000
"""``appuser`` of Apache Kafka's image."""


@dataclass(frozen=True, kw_only=True)
class MirrorMakerArgs:
    """What the link needs besides its section of the site."""

    section: ReplicationSection
    platform: Platform
    namespace: pulumi.Input[str]
    target: str
    """This site's name: the alias of its cluster in settings and metrics."""
    kafka: KafkaLogin
    """How it logs in here."""
    after: Sequence[pulumi.Resource]
    """What must be ready first: this site's brokers."""


class MirrorMaker(pulumi.ComponentResource):
    """The workers of one link."""

    server: apps.v1.Deployment

    def __init__(
        self, name: str, args: MirrorMakerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:replication:MirrorMaker", name, {}, opts)
        identity = workloads.MIRROR_MAKER.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        agent = jmx_agent(
            name, "jmx/mirror-maker.yaml", MIRROR_MAKER, args.platform, self._placement
        )
        self.server = self._server(name, args, self._worker(name, args, agent), agent)
        if args.section.workers > 1:
            one_at_a_time(f"{name}-budget", MIRROR_MAKER.name, self._placement)
        self.register_outputs({"source": args.section.source})

    def _worker(self, name: str, args: MirrorMakerArgs, agent: JmxAgent) -> Container:
        return Container(
            name="mirror-maker",
            image=args.platform.images.kafka,
            command=["java"],
            args=[
                *jvm_options(args.section.heap, LOGGING_DIR),
                "-cp",
                KAFKA_CLASSES,
                "org.apache.kafka.connect.mirror.MirrorMaker",
                f"{_SETTINGS_DIR}/{_SETTINGS}",
            ],
            env={**agent.env, "METRICS_PORT": str(JMX_PORT)},
            ports={"rest": MIRROR_MAKER.port, **agent.ports},
            volumes=[
                self._settings(name, args),
                args.kafka.volume,
                secret_volume("source-login", SOURCE_LOGIN_DIR, args.section.login.secret),
                log_settings_volume(name, self._placement),
                scratch_volume("tmp", "/tmp", Quantity("64Mi")),  # noqa: S108 -- the pod's own
                *agent.volumes,
            ],
            resources=args.section.resources,
            probes=tcp_probes("rest", start=300, alive=["/bin/sh", f"{_SETTINGS_DIR}/{_ALIVE}"]),
        )

    def _settings(self, name: str, args: MirrorMakerArgs) -> Volume:
        text = mirror_maker_properties(
            args.section,
            target=args.target,
            target_bootstrap=args.kafka.bootstrap,
        )
        files = {_SETTINGS: text, _ALIVE: read_artifact(f"mirror_maker/{_ALIVE}")}
        config_map = config_files(f"{name}-settings", files, self._placement)
        return config_volume("settings", _SETTINGS_DIR, config_map)

    def _server(
        self, name: str, args: MirrorMakerArgs, worker: Container, agent: JmxAgent
    ) -> apps.v1.Deployment:
        pod = Pod(
            identity=self._placement.identity,
            images=args.platform.images,
            init_containers=[agent.init_container],
            containers=[worker],
            user=_USER,
            spread=args.platform.spread(args.section.workers),
        )
        return apps.v1.Deployment(
            f"{name}-server",
            metadata=self._placement.metadata(MIRROR_MAKER.name),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=args.section.workers,
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
