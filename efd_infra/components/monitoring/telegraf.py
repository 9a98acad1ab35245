"""Telegraf, which collects what the other services say about themselves.

Owns the collector and its settings. Stops before the services that it asks and the InfluxDB that
it writes to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.volume import config_volume, secret_volume
from efd_infra.config.contract import ServiceAddress
from efd_infra.config.monitoring import MonitoringSection
from efd_infra.config.published_name import PublishedName
from efd_infra.manifests import workloads
from efd_infra.manifests.telegraf import HEALTH_PORT, telegraf_conf

_SETTINGS_DIR = "/etc/efd/telegraf"
_SETTINGS = "telegraf.conf"
_CREDENTIALS_DIR = "/etc/efd/influxdb"
_USER = 999
"""``telegraf`` in the image, which itself would run as root."""


@dataclass(frozen=True, kw_only=True)
class TelegrafArgs:
    """What Telegraf needs besides its section of the site."""

    section: MonitoringSection
    platform: Platform
    namespace: pulumi.Input[str]
    influxdb_url: str
    user_secret: pulumi.Input[str]
    """The name of a Secret with the keys ``username`` and ``password``."""
    brokers: Sequence[str]
    """URLs of the brokers' metrics, by number."""
    scraped: Sequence[ServiceAddress]
    """Headless Services, every pod of which is scraped."""
    names: Sequence[PublishedName]
    """Names of which the certificates are watched."""
    after: Sequence[pulumi.Resource]
    """What must be ready first: InfluxDB with its users."""


class Telegraf(pulumi.ComponentResource):
    """One Telegraf for the whole site."""

    def __init__(
        self, name: str, args: TelegrafArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:monitoring:Telegraf", name, {}, opts)
        identity = workloads.TELEGRAF.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self._collector(name, args, self._settings(name, args))
        self.register_outputs({})

    def _settings(self, name: str, args: TelegrafArgs) -> pulumi.Output[str]:
        text = telegraf_conf(
            args.section,
            influxdb_url=args.influxdb_url,
            brokers=args.brokers,
            scraped=args.scraped,
            names=args.names,
            credentials_dir=_CREDENTIALS_DIR,
        )
        return config_files(f"{name}-settings", {_SETTINGS: text}, self._placement)

    def _collector(self, name: str, args: TelegrafArgs, settings: pulumi.Output[str]) -> None:
        collector = Container(
            name="telegraf",
            image=args.platform.images.telegraf,
            command=[
                "telegraf",
                "--strict-env-handling",
                "--config",
                f"{_SETTINGS_DIR}/{_SETTINGS}",
            ],
            ports={"health": HEALTH_PORT},
            volumes=[
                config_volume("settings", _SETTINGS_DIR, settings),
                secret_volume("credentials", _CREDENTIALS_DIR, args.user_secret),
            ],
            resources=args.section.resources,
            probes=http_probes("health", ready="/", start=120),
        )
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            containers=[collector],
            user=_USER,
        )
        apps.v1.Deployment(
            f"{name}-collector",
            metadata=self._placement.metadata("telegraf"),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=1,
                # Two at a time would write each point twice under different jitter.
                strategy=apps.v1.DeploymentStrategyArgs(type="Recreate"),
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
