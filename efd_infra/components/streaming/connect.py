"""Kafka Connect, the workers that run connectors.

Owns the workers, their plugins, what stands between them and the registry, and their address.
Stops before connectors, which the Connect manager creates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import cluster_service, headless_service
from efd_infra.components.foundation.volume import (
    Volume,
    config_volume,
    scratch_volume,
    secret_volume,
)
from efd_infra.config.cluster import Resources
from efd_infra.config.connect import ConnectSection
from efd_infra.config.contract import CONNECT_SCHEMAS, KAFKA_CONNECT
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.connect import (
    FETCHED_PLUGINS_DIR,
    INFLUXDB_USER,
    SECRETS_DIR,
    plugin_list,
    worker_properties,
)
from efd_infra.manifests.java import KAFKA_CLASSES, jvm_options
from efd_infra.manifests.telegraf_sink import SCHEMA_OVERDUE

_SETTINGS_DIR = "/etc/efd/connect"
_SETTINGS = "connect-distributed.properties"
_SCHEMAS_DIR = "/etc/efd/schemas"
_SCHEMAS = "schemas.py"
_SCHEMAS_PORTS = {"schemas": CONNECT_SCHEMAS.port}
_UNKNOWN = 240
"""Seconds after which an id that the registry does not know is taken for one that nobody knows: a
producer registers a schema before it writes."""
_PLUGINS_SIZE = Quantity("1Gi")
"""Of all plugins, unpacked, and of one as it was fetched; each has some ten to a hundred MiB."""
_SMALL = Resources(
    cpu=Cpu("50m"), memory=Quantity("64Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("128Mi")
)
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
    aggregated_registry_url: str | None
    """Of the registry that has the schemas of aggregates; absent: none are written."""
    schemas_come_late: bool
    """Whether a record may come before its schema, as where both are mirrored."""
    replication_factor: int
    max_message: Quantity
    influxdb_secret: pulumi.Input[str]
    """A Secret in this namespace with the keys ``username`` and ``password``."""
    further_secrets: Mapping[str, str]
    """Names of existing Secrets in this namespace, by the directory in which connectors find one's
    keys."""
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
        self._plugins = scratch_volume("plugins", FETCHED_PLUGINS_DIR, _PLUGINS_SIZE)
        self.server = self._server(name, args, agent)
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
                *(
                    secret_volume(directory, f"{SECRETS_DIR}/{directory}", secret)
                    for directory, secret in args.further_secrets.items()
                ),
                scratch_volume("tmp", "/tmp", Quantity("64Mi")),  # noqa: S108 -- the pod's own
                *agent.volumes,
                *([replace(self._plugins, read_only=True)] if args.section.plugins else []),
            ],
            resources=args.section.resources,
            # Answered by a worker only once it has joined the group and read what runs.
            probes=http_probes("http", ready="/connectors", start=300),
        )

    def _settings(self, name: str, args: ConnectArgs) -> Volume:
        text = worker_properties(
            args.section,
            bootstrap=args.kafka.bootstrap,
            replication_factor=args.replication_factor,
            max_message=args.max_message,
        )
        files = config_files(f"{name}-settings", {_SETTINGS: text}, self._placement)
        return config_volume("settings", _SETTINGS_DIR, files)

    def _fetcher(self, args: ConnectArgs) -> Container:
        """Fetch plugins; unlike the agent that publishes metrics, no worker runs without them."""
        script = read_artifact("fetch/fetch.sh") + read_artifact("connect/plugins.sh")
        return Container(
            name="plugins",
            image=args.platform.images.fetch,
            command=["/bin/sh", "-c", script],
            env={
                "PLUGINS": plugin_list(args.section, args.platform.images),
                "PLUGINS_DIR": FETCHED_PLUGINS_DIR,
                "FETCH_RETRIES": "5",
            },
            volumes=[self._plugins],
            resources=_SMALL,
        )

    def _schemas(self, name: str, args: ConnectArgs) -> Container:
        """Start before the worker and stop after it, so that no record is without its schema."""
        url = args.aggregated_registry_url
        aggregates = {"AGGREGATED_REGISTRY_URL": url} if url else {}
        script = {_SCHEMAS: read_artifact(f"connect/{_SCHEMAS}")}
        files = config_files(f"{name}-schemas-script", script, self._placement)
        return Container(
            name="schemas",
            # It has Python; the manager itself does not run.
            image=args.platform.images.connect_manager,
            command=["python3", f"{_SCHEMAS_DIR}/{_SCHEMAS}"],
            env={
                "REGISTRY_URL": args.registry_url,
                **aggregates,
                "PORT": str(CONNECT_SCHEMAS.port),
                "UNKNOWN_SCHEMA": "inf" if args.schemas_come_late else str(_UNKNOWN),
                "OVERDUE": str(SCHEMA_OVERDUE),
            },
            ports=_SCHEMAS_PORTS,
            volumes=[config_volume("schemas", _SCHEMAS_DIR, files)],
            resources=_SMALL,
            probes=http_probes("schemas", ready="/ready", start=60),
            restart_policy="Always",
        )

    def _server(self, name: str, args: ConnectArgs, agent: JmxAgent) -> apps.v1.Deployment:
        plugins = [self._fetcher(args)] if args.section.plugins else []
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            init_containers=[agent.init_container, *plugins, self._schemas(name, args)],
            containers=[self._worker(name, args, agent)],
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
        headless_service(
            f"{name}-schemas",
            CONNECT_SCHEMAS,
            _SCHEMAS_PORTS,
            self._placement,
            of_sidecar=True,
        )
        if args.section.replicas > 1:
            one_at_a_time(f"{name}-budget", KAFKA_CONNECT.name, self._placement)
