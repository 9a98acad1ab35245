"""A Telegraf that writes topics to InfluxDB.

Owns the consumers of one sink, each with the companion that tells it its topics. Stops before the
brokers, the registry and InfluxDB.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pulumi
from pulumi_kubernetes import apps

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.disruption import one_at_a_time
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import headless_service
from efd_infra.components.foundation.volume import config_volume, scratch_volume, secret_volume
from efd_infra.config.cluster import Resources
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.telegraf import HEALTH_PORT
from efd_infra.manifests.telegraf_sink import (
    COMPANION_PORT,
    SCHEMA_OVERDUE,
    companion_service,
    consumer_conf,
    memory_limit,
    sink_conf,
)

_SETTINGS_DIR = "/etc/efd/telegraf"
_SETTINGS = "telegraf.conf"
_TEMPLATE = "consumer.conf"
_COMPANION = "topics.py"
_CREDENTIALS_DIR = "/etc/efd/influxdb"
_CONSUMER_DIR = "/run/efd"
_COMPANION_PORTS = {"topics": COMPANION_PORT}
_USER = 999
"""``telegraf`` in the image, which itself would run as root."""
_SMALL = Resources(
    cpu=Cpu("50m"), memory=Quantity("64Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("256Mi")
)


@dataclass(frozen=True, kw_only=True)
class TelegrafSinkArgs:
    """What a sink needs besides its section of the site."""

    section: InfluxDbSinkSection
    platform: Platform
    namespace: pulumi.Input[str]
    kafka: KafkaLogin
    registry_url: str
    influxdb_url: str
    max_message: Quantity
    user_secret: pulumi.Input[str]
    """The name of a Secret with the keys ``username`` and ``password``."""
    after: Sequence[pulumi.Resource]
    """What must be ready first: the registry and the databases."""


class TelegrafSink(pulumi.ComponentResource):
    """The consumers of one sink, named like it."""

    def __init__(
        self, name: str, args: TelegrafSinkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:TelegrafSink", name, {}, opts)
        identity = workloads.sink(args.section).identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self._settings = config_volume("settings", _SETTINGS_DIR, self._files(name, args))
        self._consumer = scratch_volume("consumer", _CONSUMER_DIR, Quantity("16Mi"))
        headless_service(
            f"{name}-topics",
            companion_service(args.section),
            _COMPANION_PORTS,
            self._placement,
            of_sidecar=True,
        )
        self._server(name, args)
        if args.section.tasks > 1:
            one_at_a_time(f"{name}-budget", args.section.name, self._placement)
        self.register_outputs({"name": args.section.name})

    def _files(self, name: str, args: TelegrafSinkArgs) -> pulumi.Output[str]:
        section = args.section
        files = {
            _SETTINGS: sink_conf(
                section,
                influxdb_url=args.influxdb_url,
                credentials_dir=_CREDENTIALS_DIR,
            ),
            _TEMPLATE: consumer_conf(
                section, bootstrap=args.kafka.bootstrap, max_message=args.max_message
            ),
            _COMPANION: read_artifact(f"telegraf/{_COMPANION}"),
        }
        return config_files(f"{name}-settings", files, self._placement)

    def _companion(self, args: TelegrafSinkArgs) -> Container:
        """Start before Telegraf and stop after it, so that no record is without its schema."""
        section = args.section
        excluded = {"EXCLUDED_TOPICS": str(section.excluded)} if section.excluded else {}
        return Container(
            name="topics",
            # It has Python and a Kafka client; the manager itself does not run.
            image=args.platform.images.connect_manager,
            command=["python3", f"{_SETTINGS_DIR}/{_COMPANION}"],
            env={
                "BOOTSTRAP": args.kafka.bootstrap,
                "LOGIN_DIR": LOGIN_DIR,
                "REGISTRY_URL": args.registry_url,
                "TOPICS": section.topics,
                **excluded,
                "CHECK_INTERVAL": str(section.check_interval.seconds),
                "TEMPLATE": f"{_SETTINGS_DIR}/{_TEMPLATE}",
                "TARGET": f"{_CONSUMER_DIR}/{_TEMPLATE}",
                "PORT": str(COMPANION_PORT),
                "OVERDUE": str(SCHEMA_OVERDUE),
            },
            ports=_COMPANION_PORTS,
            volumes=[self._settings, args.kafka.volume, self._consumer],
            resources=_SMALL,
            probes=http_probes("topics", ready="/ready", start=300),
            restart_policy="Always",
        )

    def _telegraf(self, args: TelegrafSinkArgs) -> Container:
        return Container(
            name="telegraf",
            image=args.platform.images.telegraf,
            command=[
                "telegraf",
                "--strict-env-handling",
                "--config",
                f"{_SETTINGS_DIR}/{_SETTINGS}",
                "--config",
                f"{_CONSUMER_DIR}/{_TEMPLATE}",
                "--watch-config",
                "poll",
                "--watch-interval",
                "1s",
            ],
            env={"GOMEMLIMIT": memory_limit(args.section)},
            ports={"health": HEALTH_PORT},
            volumes=[
                self._settings,
                secret_volume("credentials", _CREDENTIALS_DIR, args.user_secret),
                args.kafka.volume,
                replace(self._consumer, read_only=True),
            ],
            resources=args.section.resources,
            probes=http_probes("health", ready="/", start=120),
        )

    def _server(self, name: str, args: TelegrafSinkArgs) -> None:
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            init_containers=[self._companion(args)],
            containers=[self._telegraf(args)],
            user=_USER,
            spread=args.platform.spread(args.section.tasks),
        )
        apps.v1.Deployment(
            f"{name}-server",
            metadata=self._placement.metadata(args.section.name),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=args.section.tasks,
                # Members of one group share the topics, so that old and new may overlap.
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
