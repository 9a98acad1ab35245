"""Kapacitor, the alert engine.

Owns the server, the alert rules that every site has, and the store of those made by hand. Stops
before who is told of an alert, and before InfluxDB and its users.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.claim import claim
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod, SecretValue
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import cluster_service
from efd_infra.components.foundation.volume import Volume, claim_volume, config_volume
from efd_infra.config.contract import KAPACITOR
from efd_infra.config.timeseries import KapacitorSection
from efd_infra.manifests import workloads
from efd_infra.manifests.kapacitor import DATA_DIR, RULES_DIR, expiry_rule, kapacitor_conf

_SETTINGS_DIR = "/etc/efd/kapacitor"
_SETTINGS = "kapacitor.conf"
_EXPIRY = "certificate-expiry"
_USER = 999
"""``kapacitor`` in the image, which itself would run as root."""


@dataclass(frozen=True, kw_only=True)
class KapacitorArgs:
    """What Kapacitor needs besides its section of the site."""

    section: KapacitorSection
    platform: Platform
    namespace: pulumi.Input[str]
    influxdb_url: str
    user_secret: pulumi.Input[str]
    """The name of a Secret with the keys ``username`` and ``password``."""
    metrics_database: str | None
    """Where Telegraf writes what it measures; None: there is nothing to watch."""
    after: Sequence[pulumi.Resource]
    """What must be ready first: InfluxDB with its users."""


class Kapacitor(pulumi.ComponentResource):
    """Kapacitor at its in-cluster name."""

    url: pulumi.Output[str]
    """The in-cluster address."""

    def __init__(
        self, name: str, args: KapacitorArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:timeseries:Kapacitor", name, {}, opts)
        identity = workloads.KAPACITOR.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self._server(name, args, [self._settings(name, args), *self._rules(name, args)])
        cluster_service(f"{name}-service", KAPACITOR, "http", self._placement)
        self.url = pulumi.Output.from_input(KAPACITOR.url)
        self.register_outputs({"url": self.url})

    def _settings(self, name: str, args: KapacitorArgs) -> Volume:
        files = {_SETTINGS: kapacitor_conf(influxdb_url=args.influxdb_url)}
        config_map = config_files(f"{name}-settings", files, self._placement)
        return config_volume("settings", _SETTINGS_DIR, config_map)

    def _rules(self, name: str, args: KapacitorArgs) -> list[Volume]:
        """Return the alert rules, by the two kinds of file that they consist of."""
        if args.metrics_database is None:
            return []
        template = f"{_EXPIRY}.tick"
        rules = {
            "templates": {template: read_artifact(f"kapacitor/templates/{template}")},
            "tasks": {f"{_EXPIRY}.json": expiry_rule(args.metrics_database)},
        }
        return [
            config_volume(
                kind,
                f"{RULES_DIR}/{kind}",
                config_files(f"{name}-{kind}", files, self._placement),
            )
            for kind, files in rules.items()
        ]

    def _server(self, name: str, args: KapacitorArgs, files: Sequence[Volume]) -> None:
        store = claim(
            f"{name}-store",
            KAPACITOR.name,
            args.section.storage,
            args.platform.cluster,
            self._placement,
        )
        server = Container(
            name="kapacitor",
            image=args.platform.images.kapacitor,
            # Not the image's entry point: it would give the pod's name as the host name, which
            # InfluxDB cannot resolve.
            command=["kapacitord", "-config", f"{_SETTINGS_DIR}/{_SETTINGS}"],
            env={
                "KAPACITOR_INFLUXDB_0_USERNAME": SecretValue(
                    secret=args.user_secret, key="username"
                ),
                "KAPACITOR_INFLUXDB_0_PASSWORD": SecretValue(
                    secret=args.user_secret, key="password"
                ),
            },
            ports={"http": KAPACITOR.port},
            volumes=[
                *files,
                claim_volume("store", DATA_DIR, store.metadata.name),
            ],
            resources=args.section.resources,
            # It answers once InfluxDB does.
            probes=http_probes("http", ready="/kapacitor/v1/ping", start=1800),
        )
        pod = Pod(
            identity=self._placement.identity,
            images=args.platform.images,
            containers=[server],
            user=_USER,
        )
        apps.v1.Deployment(
            f"{name}-server",
            metadata=self._placement.metadata(KAPACITOR.name),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=1,
                # Its database is a file that one process at a time can open.
                strategy=apps.v1.DeploymentStrategyArgs(type="Recreate"),
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )
