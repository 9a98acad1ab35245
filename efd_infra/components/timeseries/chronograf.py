"""Chronograf, the dashboards that users open first.

Owns the server, its dashboards as files, the store of those made by hand, and its public host.
Stops before InfluxDB and its users: connections arrive as files in a Secret.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.components.foundation.claim import claim
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.door import Companions, Door, door_companions
from efd_infra.components.foundation.endpoint import Endpoint, EndpointArgs
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod, SecretValue
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import cluster_service
from efd_infra.components.foundation.volume import Volume, claim_volume, merged_volume
from efd_infra.config.contract import CHRONOGRAF, CHRONOGRAF_DOOR
from efd_infra.config.endpoint import Endpoint as PublicAddress
from efd_infra.config.timeseries import ChronografSection
from efd_infra.manifests import workloads
from efd_infra.manifests.chronograf import PORT

_DATA_DIR = "/var/lib/chronograf"
_RESOURCES_DIR = "/etc/efd/resources"
_SHARE_DIR = "/usr/share/chronograf"
_FILE = f"{_DATA_DIR}/chronograf-v1.db"
_USER = 999
"""``chronograf`` in the image, which itself would run as root."""


@dataclass(frozen=True, kw_only=True)
class ChronografArgs:
    """What Chronograf needs besides its section of the site."""

    section: ChronografSection
    platform: Platform
    namespace: pulumi.Input[str]
    public: PublicAddress
    connections_secret: pulumi.Input[str]
    """The name of a Secret whose keys are Chronograf's resource files: ``.src`` and ``.kap``."""
    dashboards: Mapping[str, str]
    """Further resource files: ``.dashboard``."""
    login_secret: pulumi.Input[str]
    """The name of a Secret with ``token_secret``, ``gh_client_id`` and ``gh_client_secret``."""
    door_keys: Mapping[str, pulumi.Input[str]]
    """By what it opens, the name of a Secret with ``key``; none: there is no backup."""
    after: Sequence[pulumi.Resource]
    """What must be ready first: InfluxDB with its users."""


class Chronograf(pulumi.ComponentResource):
    """Chronograf at its in-cluster name and its public host, behind a GitHub login."""

    url: pulumi.Output[str]
    """The public address."""

    def __init__(
        self, name: str, args: ChronografArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:timeseries:Chronograf", name, {}, opts)
        identity = workloads.CHRONOGRAF.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self._server(name, args)
        cluster_service(f"{name}-service", CHRONOGRAF, "http", self._placement)
        self.url = self._endpoint(name, args).url
        self.register_outputs({"url": self.url})

    def _server(self, name: str, args: ChronografArgs) -> None:
        store = claim(
            f"{name}-store",
            CHRONOGRAF.name,
            args.section.storage,
            args.platform.cluster,
            self._placement,
        )
        volume = claim_volume("store", _DATA_DIR, store.metadata.name)
        server = Container(
            name="chronograf",
            image=args.platform.images.chronograf,
            command=["chronograf"],
            env=self._env(args),
            ports={"http": PORT},
            volumes=[
                self._resources(name, args),
                volume,
            ],
            resources=args.section.resources,
            probes=http_probes("http", ready="/ping", start=120),
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
            metadata=self._placement.metadata(CHRONOGRAF.name),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=1,
                # Its database is a file that one process at a time can open.
                strategy=apps.v1.DeploymentStrategyArgs(type="Recreate"),
                selector=self._placement.selector,
                template=pod.template(),
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.after),
        )

    def _resources(self, name: str, args: ChronografArgs) -> Volume:
        """Return the one folder that Chronograf reads connections and dashboards from."""
        files = args.dashboards
        dashboards = config_files(f"{name}-dashboards", files, self._placement) if files else None
        return merged_volume("resources", _RESOURCES_DIR, args.connections_secret, dashboards)

    def _door(self, name: str, args: ChronografArgs, store: Volume) -> Companions:
        door = Door(
            address=CHRONOGRAF_DOOR,
            keys=args.door_keys,
            images=args.platform.images,
            env={"FILE": _FILE},
            store=store,
        )
        return door_companions(f"{name}-door", door, self._placement)

    def _env(self, args: ChronografArgs) -> dict[str, pulumi.Input[str] | SecretValue]:
        """Return the settings: Chronograf reads no configuration file.

        There is no custom refresh: the one second that the original offered was too much for
        InfluxDB. Whoever starts without a login secret lets everybody in, so Kubernetes must
        find each of its keys before it starts the container.
        """
        login = args.login_secret
        return {
            "PORT": str(PORT),
            "BOLT_PATH": _FILE,
            "CANNED_PATH": f"{_SHARE_DIR}/canned",
            "PROTOBOARDS_PATH": f"{_SHARE_DIR}/protoboards",
            "RESOURCES_PATH": _RESOURCES_DIR,
            "HOST_PAGE_DISABLED": "true",
            "REPORTING_DISABLED": "true",
            # The call-back address that GitHub must know begins with it, port and all.
            "PUBLIC_URL": args.public.url,
            "GH_ORGS": ",".join(args.section.login.organizations),
            "GH_CLIENT_ID": SecretValue(secret=login, key="gh_client_id"),
            "GH_CLIENT_SECRET": SecretValue(secret=login, key="gh_client_secret"),
            "TOKEN_SECRET": SecretValue(secret=login, key="token_secret"),
        }

    def _endpoint(self, name: str, args: ChronografArgs) -> Endpoint:
        return Endpoint(
            f"{name}-endpoint",
            EndpointArgs(
                address=args.public,
                service=CHRONOGRAF,
                namespace=args.namespace,
                identity=self._placement.identity,
                cluster=args.platform.cluster,
            ),
            pulumi.ResourceOptions(parent=self),
        )
