"""MirrorMaker 2: pulls topics from another site, names and bytes as they are.

Owns the workers of one link, in a Connect cluster of their own. Stops before the registry that
reads the mirrored schemas.
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
    config_volume,
    scratch_volume,
    secret_volume,
)
from efd_infra.config.cluster import Resources
from efd_infra.config.contract import JMX_PORT, ServiceAddress
from efd_infra.config.link import Link
from efd_infra.config.replication import ReplicationSection
from efd_infra.config.schema_registry import SCHEMAS_TOPIC
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests.annotations import SKIP_AWAIT
from efd_infra.manifests.java import KAFKA_CLASSES, jvm_options
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.mirror_maker import SOURCE_LOGIN_DIR, mirror_maker_properties
from efd_infra.manifests.workloads import Workload

_SETTINGS_DIR = "/etc/efd/mirror-maker"
_SETTINGS = "mirror-maker.properties"
_ALIVE = "alive.sh"
_SCHEMAS_FIRST = "schemas_first.py"
_USER = 1000
"""``appuser`` of Apache Kafka's image."""
_SMALL = Resources(
    cpu=Cpu("50m"), memory=Quantity("64Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("256Mi")
)


@dataclass(frozen=True, kw_only=True)
class MirrorMakerArgs:
    """What a link needs besides the section of the site that it belongs to."""

    section: ReplicationSection
    link: Link
    workload: Workload
    address: ServiceAddress
    """What the workers are called, and where they hand each other their tasks."""
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
        identity = args.workload.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        agent = jmx_agent(
            name, "jmx/mirror-maker.yaml", args.address, args.platform, self._placement
        )
        self._files = config_volume("settings", _SETTINGS_DIR, self._settings(name, args))
        self._source_login = secret_volume(
            "source-login", SOURCE_LOGIN_DIR, args.section.login.secret
        )
        self.server = self._server(name, args, agent)
        if args.link.workers > 1:
            one_at_a_time(f"{name}-budget", args.address.name, self._placement)
        self.register_outputs({"source": args.section.source, "topics": args.link.topics})

    def _worker(self, name: str, args: MirrorMakerArgs, agent: JmxAgent) -> Container:
        return Container(
            name="mirror-maker",
            image=args.platform.images.kafka,
            command=["java"],
            args=[
                *jvm_options(args.link.heap, LOGGING_DIR),
                "-cp",
                KAFKA_CLASSES,
                "org.apache.kafka.connect.mirror.MirrorMaker",
                f"{_SETTINGS_DIR}/{_SETTINGS}",
            ],
            env={**agent.env, "METRICS_PORT": str(JMX_PORT)},
            ports={"rest": args.address.port, **agent.ports},
            volumes=[
                self._files,
                self._source_login,
                args.kafka.volume,
                log_settings_volume(name, self._placement),
                scratch_volume("tmp", "/tmp", Quantity("64Mi")),  # noqa: S108 -- the pod's own
                *agent.volumes,
            ],
            resources=args.link.resources,
            probes=tcp_probes("rest", start=300, alive=["/bin/sh", f"{_SETTINGS_DIR}/{_ALIVE}"]),
        )

    def _settings(self, name: str, args: MirrorMakerArgs) -> pulumi.Output[str]:
        text = mirror_maker_properties(
            args.section, args.link, target=args.target, target_bootstrap=args.kafka.bootstrap
        )
        files = {_SETTINGS: text, _ALIVE: read_artifact(f"mirror_maker/{_ALIVE}")}
        if args.link.waits_for_schemas:
            files[_SCHEMAS_FIRST] = read_artifact(f"mirror_maker/{_SCHEMAS_FIRST}")
        return config_files(f"{name}-settings", files, self._placement)

    def _schemas_first(self, args: MirrorMakerArgs) -> Container:
        """Wait until the source's schemas are here."""
        ca = {"SOURCE_CA": f"{SOURCE_LOGIN_DIR}/ca.crt"} if args.section.login.private_ca else {}
        return Container(
            name="schemas-first",
            # It has Python and a Kafka client; the manager itself does not run.
            image=args.platform.images.connect_manager,
            command=["python3", f"{_SETTINGS_DIR}/{_SCHEMAS_FIRST}"],
            env={
                "TOPIC": SCHEMAS_TOPIC,
                "SOURCE": args.section.source,
                "SOURCE_BOOTSTRAP": args.section.bootstrap,
                "SOURCE_LOGIN": SOURCE_LOGIN_DIR,
                **ca,
                "TARGET_BOOTSTRAP": args.kafka.bootstrap,
                "TARGET_LOGIN": LOGIN_DIR,
            },
            volumes=[self._files, self._source_login, args.kafka.volume],
            resources=_SMALL,
        )

    def _server(self, name: str, args: MirrorMakerArgs, agent: JmxAgent) -> apps.v1.Deployment:
        first = [self._schemas_first(args)] if args.link.waits_for_schemas else []
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            init_containers=[*first, agent.init_container],
            containers=[self._worker(name, args, agent)],
            user=_USER,
            spread=args.platform.spread(args.link.workers),
        )
        # Whether the source answers must not decide whether this site can be deployed.
        annotations = SKIP_AWAIT if args.link.waits_for_schemas else None
        return apps.v1.Deployment(
            f"{name}-server",
            metadata=self._placement.metadata(args.address.name, annotations),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=args.link.workers,
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
