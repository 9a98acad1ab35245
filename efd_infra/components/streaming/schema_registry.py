"""Schema Registry: the Avro schemas of topics.

Owns the servers, their metrics and their public host. Stops before Kafka, which stores the
schemas.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.disruption import one_at_a_time
from efd_infra.components.foundation.endpoint import Endpoint, EndpointArgs
from efd_infra.components.foundation.jmx_agent import JmxAgent, jmx_agent
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.log_settings import LOG4J2_SETTINGS, log_settings_volume
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod, PodField
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import cluster_service
from efd_infra.components.foundation.volume import config_volume, scratch_volume
from efd_infra.config.endpoint import Endpoint as PublicAddress
from efd_infra.config.schema_registry import SchemaRegistrySection
from efd_infra.config.values import Quantity
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.schema_registry import Registry, schema_registry_properties

_SETTINGS_DIR = "/etc/efd/schema-registry"
_SETTINGS = "schema-registry.properties"
_START = "start.sh"
_USER = 1000
"""``appuser`` of Confluent's images."""


@dataclass(frozen=True, kw_only=True)
class SchemaRegistryArgs:
    """What Schema Registry needs besides its section of the site."""

    registry: Registry
    """Which one, where a site has two."""
    section: SchemaRegistrySection
    platform: Platform
    namespace: pulumi.Input[str]
    kafka: KafkaLogin
    replication_factor: int
    public: PublicAddress | None
    after: Sequence[pulumi.Resource]
    """What must be ready first: the brokers, and the mirror where schemas come from one."""


class SchemaRegistry(pulumi.ComponentResource):
    """The registry at its in-cluster name, and at its public host where it has one."""

    url: pulumi.Output[str]
    """The in-cluster address."""
    server: apps.v1.Deployment

    def __init__(
        self, name: str, args: SchemaRegistryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:SchemaRegistry", name, {}, opts)
        identity = args.registry.workload.identity
        address = args.registry.address
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        agent = jmx_agent(name, "jmx/schema-registry.yaml", address, args.platform, self._placement)
        self.server = self._server(name, args, self._settings(name, args), agent)
        self._service(name, args)
        self._endpoint(name, args)
        self.url = pulumi.Output.from_input(address.url)
        self.register_outputs({"url": self.url})

    def _settings(self, name: str, args: SchemaRegistryArgs) -> pulumi.Output[str]:
        text = schema_registry_properties(
            args.registry,
            args.section,
            bootstrap=args.kafka.bootstrap,
            replication_factor=args.replication_factor,
        )
        files = {_SETTINGS: text, _START: read_artifact(f"schema_registry/{_START}")}
        return config_files(f"{name}-settings", files, self._placement)

    def _server(
        self,
        name: str,
        args: SchemaRegistryArgs,
        settings: pulumi.Output[str],
        agent: JmxAgent,
    ) -> apps.v1.Deployment:
        heap = f"{args.section.heap.mebibytes}m"
        server = Container(
            name="schema-registry",
            image=args.platform.images.schema_registry,
            command=["/bin/sh", f"{_SETTINGS_DIR}/{_START}"],
            env={
                **agent.env,
                "LOGIN_DIR": LOGIN_DIR,
                "LOG_DIR": "/tmp",  # noqa: S108 -- the pod's own scratch volume
                "POD_IP": PodField("status.podIP"),
                "SCHEMA_REGISTRY_HEAP_OPTS": f"-Xms{heap} -Xmx{heap}",
                "SCHEMA_REGISTRY_LOG4J_OPTS": f"-Dlog4j2.configurationFile={LOG4J2_SETTINGS}",
                "SETTINGS_DIR": _SETTINGS_DIR,
            },
            ports={"http": args.registry.address.port, **agent.ports},
            volumes=[
                config_volume("settings", _SETTINGS_DIR, settings),
                args.kafka.volume,
                log_settings_volume(name, self._placement),
                scratch_volume("tmp", "/tmp", Quantity("64Mi")),  # noqa: S108 -- as above
                *agent.volumes,
            ],
            resources=args.section.resources,
            probes=http_probes("http", ready="/subjects", start=300),
        )
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            init_containers=[agent.init_container],
            containers=[server],
            user=_USER,
            spread=args.platform.spread(args.section.replicas),
        )
        return apps.v1.Deployment(
            f"{name}-server",
            metadata=self._placement.metadata(args.registry.address.name),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=args.section.replicas,
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )

    def _service(self, name: str, args: SchemaRegistryArgs) -> None:
        address = args.registry.address
        cluster_service(f"{name}-service", address, "http", self._placement)
        if args.section.replicas > 1:
            one_at_a_time(f"{name}-budget", address.name, self._placement)

    def _endpoint(self, name: str, args: SchemaRegistryArgs) -> None:
        if args.public is None:
            return
        Endpoint(
            f"{name}-endpoint",
            EndpointArgs(
                address=args.public,
                service=args.registry.address,
                namespace=args.namespace,
                identity=self._placement.identity,
                cluster=args.platform.cluster,
                source_ranges=args.section.source_ranges,
            ),
            pulumi.ResourceOptions(parent=self),
        )
