"""A Telegraf on each node, which measures what a pod sees of its node without any right to it.

Owns the agents and their settings. Stops before the InfluxDB that they write to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod, PodField
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.volume import config_volume, secret_volume
from efd_infra.config.monitoring import MonitoringSection, NodesSection
from efd_infra.manifests import workloads
from efd_infra.manifests.telegraf import HEALTH_PORT
from efd_infra.manifests.telegraf_nodes import NODE_VARIABLE, node_conf

_SETTINGS_DIR = "/etc/efd/telegraf"
_SETTINGS = "telegraf.conf"
_CREDENTIALS_DIR = "/etc/efd/influxdb"
_USER = 999
"""``telegraf`` in the image, which itself would run as root."""


@dataclass(frozen=True, kw_only=True)
class TelegrafNodesArgs:
    """What the agents need besides their sections of the site."""

    section: MonitoringSection
    nodes: NodesSection
    platform: Platform
    namespace: pulumi.Input[str]
    influxdb_url: str
    user_secret: pulumi.Input[str]
    """The name of a Secret with the keys ``username`` and ``password``."""
    after: Sequence[pulumi.Resource]
    """What must be ready first: InfluxDB with its users."""


class TelegrafNodes(pulumi.ComponentResource):
    """One Telegraf on each node."""

    def __init__(
        self, name: str, args: TelegrafNodesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:monitoring:TelegrafNodes", name, {}, opts)
        identity = workloads.TELEGRAF_NODES.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self._agents(name, args, self._settings(name, args))
        self.register_outputs({})

    def _settings(self, name: str, args: TelegrafNodesArgs) -> pulumi.Output[str]:
        text = node_conf(
            args.section,
            args.nodes.resources,
            influxdb_url=args.influxdb_url,
            credentials_dir=_CREDENTIALS_DIR,
        )
        return config_files(f"{name}-settings", {_SETTINGS: text}, self._placement)

    def _agents(self, name: str, args: TelegrafNodesArgs, settings: pulumi.Output[str]) -> None:
        agent = Container(
            name="telegraf",
            image=args.platform.images.telegraf,
            command=[
                "telegraf",
                "--strict-env-handling",
                "--config",
                f"{_SETTINGS_DIR}/{_SETTINGS}",
            ],
            env={NODE_VARIABLE: PodField("spec.nodeName")},
            ports={"health": HEALTH_PORT},
            volumes=[
                config_volume("settings", _SETTINGS_DIR, settings),
                secret_volume("credentials", _CREDENTIALS_DIR, args.user_secret),
            ],
            resources=args.nodes.resources,
            probes=http_probes("health", ready="/", start=120),
        )
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            containers=[agent],
            user=_USER,
            node_labels=dict[str, str](args.nodes.node_labels.items()),
        )
        apps.v1.DaemonSet(
            f"{name}-agents",
            metadata=self._placement.metadata(name),
            spec=apps.v1.DaemonSetSpecArgs(
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
