"""Kapacitor, the alert engine.

Owns the server, the site's alert rules, who is told of them, and the store of rules made by hand.
Stops before InfluxDB and its users, and before who fills the Secrets of those who are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.components.foundation.claim import claim
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.door import Companions, Door, door_companions
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod, SecretValue
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import cluster_service
from efd_infra.components.foundation.volume import Volume, claim_volume, config_volume
from efd_infra.config.contract import KAPACITOR, KAPACITOR_DOOR
from efd_infra.config.timeseries import KapacitorSection
from efd_infra.manifests import workloads
from efd_infra.manifests.alerts.rule import Rule
from efd_infra.manifests.kapacitor import (
    DATA_DIR,
    DATABASE,
    RULES_DIR,
    handler_files,
    kapacitor_conf,
    rule_files,
)

_SETTINGS_DIR = "/etc/efd/kapacitor"
_SETTINGS = "kapacitor.conf"
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
    site: str
    """What messages call the site."""
    rules: Sequence[Rule]
    """What is watched."""
    url_secrets: Mapping[str, pulumi.Input[str]]
    """By handler, ``slack`` or ``webhook``, the name of a Secret with the key ``url``."""
    door_keys: Mapping[str, pulumi.Input[str]]
    """By what it opens, the name of a Secret with ``key``; none: there is no backup."""
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
        text = kapacitor_conf(influxdb_url=args.influxdb_url, handlers=args.section.handlers)
        config_map = config_files(f"{name}-settings", {_SETTINGS: text}, self._placement)
        return config_volume("settings", _SETTINGS_DIR, config_map)

    def _rules(self, name: str, args: KapacitorArgs) -> list[Volume]:
        """Return the load directory, folder by folder."""
        folders = rule_files(args.site, args.rules)
        if handlers := handler_files(args.section.handlers):
            folders["handlers"] = handlers
        return [
            config_volume(
                kind,
                f"{RULES_DIR}/{kind}",
                config_files(f"{name}-{kind}", files, self._placement),
            )
            for kind, files in folders.items()
        ]

    def _server(self, name: str, args: KapacitorArgs, files: Sequence[Volume]) -> None:
        store = claim(
            f"{name}-store",
            KAPACITOR.name,
            args.section.storage,
            args.platform.cluster,
            self._placement,
        )
        volume = claim_volume("store", DATA_DIR, store.metadata.name)
        server = Container(
            name="kapacitor",
            image=args.platform.images.kapacitor,
            # Not the image's entry point: it would give the pod's name as the host name, which
            # InfluxDB cannot resolve.
            command=["kapacitord", "-config", f"{_SETTINGS_DIR}/{_SETTINGS}"],
            env=_env(args),
            ports={"http": KAPACITOR.port},
            volumes=[*files, volume],
            resources=args.section.resources,
            # It answers once InfluxDB does.
            probes=http_probes("http", ready="/kapacitor/v1/ping", start=1800),
        )
        door = self._door(name, args, volume)
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            init_containers=door.before,
            containers=[server, *door.beside],
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

    def _door(self, name: str, args: KapacitorArgs, store: Volume) -> Companions:
        door = Door(
            address=KAPACITOR_DOOR,
            keys=args.door_keys,
            images=args.platform.images,
            env={"FILE": DATABASE},
            store=store,
        )
        return door_companions(f"{name}-door", door, self._placement)


def _env(args: KapacitorArgs) -> dict[str, SecretValue]:
    """Return what is secret: Kapacitor reads no file for it, and puts variables over settings."""
    logins = {"INFLUXDB_0": args.user_secret}
    email = args.section.handlers.email
    if email and email.secret:
        logins["SMTP"] = email.secret
    urls = {"slack": "SLACK_0", "webhook": "HTTPPOST_0"}
    return {
        **{
            f"KAPACITOR_{service}_{key.upper()}": SecretValue(secret=secret, key=key)
            for service, secret in logins.items()
            for key in ("username", "password")
        },
        **{
            f"KAPACITOR_{urls[handler]}_URL": SecretValue(secret=secret, key="url")
            for handler, secret in args.url_secrets.items()
        },
    }
