"""InfluxDB 1.x, where every point ends up.

Owns the server, its public host, and the Job that brings users, databases and retention policies
to what the site says. Stops before whoever reads and writes points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi
from pulumi_kubernetes import apps, batch

from efd_infra.components.foundation.claim import claim
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.door import Companions, Door, door_companions
from efd_infra.components.foundation.endpoint import Endpoint, EndpointArgs
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod, SecretValue
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import cluster_service
from efd_infra.components.foundation.store_watch import store_watch
from efd_infra.components.foundation.volume import Volume, claim_volume, config_volume
from efd_infra.components.timeseries.influxdb_setup import InfluxDbSetup, InfluxDbSetupArgs
from efd_infra.config.contract import INFLUXDB, INFLUXDB_DOOR
from efd_infra.config.endpoint import Endpoint as PublicAddress
from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.timeseries import InfluxDbSection
from efd_infra.manifests import workloads
from efd_infra.manifests.influxdb import BACKUP_PORT, DATA_DIR, PUBLIC_PATHS, influxdb_conf

SIGNING_KEY = "shared-secret"
"""The key of the Secret that holds what tokens are signed with."""

_SETTINGS_DIR = "/etc/efd/influxdb"
_SETTINGS = "influxdb.conf"
_USER = 999
"""``influxdb`` in the image, which itself would run as root."""
_CLAIM = "influxdb-data-influxdb-0"
"""What the original chart's StatefulSet called it, so that an existing volume can be adopted."""
_START = 1800
"""Seconds. Opening a large index takes a quarter of an hour (lsst-sqre/argocd-efd@205f1fa: with
less, a restarted server was killed again and again)."""


@dataclass(frozen=True, kw_only=True)
class InfluxDbArgs:
    """What InfluxDB needs besides its section of the site."""

    section: InfluxDbSection
    platform: Platform
    namespace: pulumi.Input[str]
    public: PublicAddress
    users: Mapping[str, InfluxDbUser]
    user_secrets: Mapping[str, pulumi.Input[str]]
    """By user, the name of a Secret with the keys ``username`` and ``password``."""
    signing_secret: pulumi.Input[str]
    """The name of a Secret with the key ``shared-secret``."""
    door_keys: Mapping[str, pulumi.Input[str]]
    """By what it opens, the name of a Secret with ``key``; none: there is no backup."""
    after: Sequence[pulumi.Resource]
    """What must be there first."""


class InfluxDb(pulumi.ComponentResource):
    """The server at its in-cluster name and its public host, with everything in it set up."""

    url: pulumi.Output[str]
    """The in-cluster address."""
    server: apps.v1.StatefulSet
    setup: batch.v1.Job
    """Done when databases and users are there."""

    def __init__(
        self, name: str, args: InfluxDbArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:timeseries:InfluxDb", name, {}, opts)
        identity = workloads.INFLUXDB.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self.server = self._server(name, args, self._settings(name, args))
        cluster_service(f"{name}-service", INFLUXDB, "http", self._placement)
        self._endpoint(name, args)
        self.setup = self._setup(name, args)
        self.url = pulumi.Output.from_input(INFLUXDB.url)
        self.register_outputs({"url": self.url})

    def _settings(self, name: str, args: InfluxDbArgs) -> pulumi.Output[str]:
        files = {_SETTINGS: influxdb_conf(args.section)}
        return config_files(f"{name}-settings", files, self._placement)

    def _server(
        self, name: str, args: InfluxDbArgs, settings: pulumi.Output[str]
    ) -> apps.v1.StatefulSet:
        store = claim(
            f"{name}-store", _CLAIM, args.section.storage, args.platform.cluster, self._placement
        )
        volume = claim_volume("store", DATA_DIR, store.metadata.name)
        server = Container(
            name="influxdb",
            image=args.platform.images.influxdb,
            command=["influxd", "-config", f"{_SETTINGS_DIR}/{_SETTINGS}"],
            env={
                "INFLUXDB_HTTP_SHARED_SECRET": SecretValue(
                    secret=args.signing_secret, key=SIGNING_KEY
                )
            },
            ports={"http": INFLUXDB.port},
            volumes=[
                config_volume("settings", _SETTINGS_DIR, settings),
                volume,
            ],
            resources=args.section.resources,
            probes=http_probes("http", ready="/health", start=_START),
        )
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            containers=[
                server,
                store_watch(INFLUXDB, volume, _CLAIM, args.platform, self._placement),
                *self._door(name, args, replace(volume, read_only=True)).beside,
            ],
            user=_USER,
            # Long enough to write the cache out; what is lost otherwise is only time, because
            # the write-ahead log is replayed at the next start.
            grace=120,
        )
        return apps.v1.StatefulSet(
            f"{name}-server",
            metadata=self._placement.metadata(INFLUXDB.name),
            spec=apps.v1.StatefulSetSpecArgs(
                replicas=1,
                service_name=INFLUXDB.name,
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=args.after,
                custom_timeouts=pulumi.CustomTimeouts(
                    create=f"{_START + 300}s", update=f"{_START + 300}s"
                ),
            ),
        )

    def _door(self, name: str, args: InfluxDbArgs, store: Volume) -> Companions:
        door = Door(
            address=INFLUXDB_DOOR,
            keys=args.door_keys,
            images=args.platform.images,
            env={"BACKUP_PORT": str(BACKUP_PORT), "DATA_DIR": DATA_DIR},
            store=store,
        )
        return door_companions(f"{name}-door", door, self._placement)

    def _endpoint(self, name: str, args: InfluxDbArgs) -> None:
        Endpoint(
            f"{name}-endpoint",
            EndpointArgs(
                address=args.public,
                service=INFLUXDB,
                namespace=args.namespace,
                identity=self._placement.identity,
                cluster=args.platform.cluster,
                paths=PUBLIC_PATHS,
                read_timeout=args.section.queries.timeout.seconds,
                unlimited_body=True,
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _setup(self, name: str, args: InfluxDbArgs) -> batch.v1.Job:
        setup = InfluxDbSetup(
            f"{name}-setup",
            InfluxDbSetupArgs(
                databases=args.section.databases,
                platform=args.platform,
                namespace=args.namespace,
                users=args.users,
                user_secrets=args.user_secrets,
                signing_secret=args.signing_secret,
                signing_key=SIGNING_KEY,
                after=[self.server],
            ),
            pulumi.ResourceOptions(parent=self),
        )
        return setup.job
