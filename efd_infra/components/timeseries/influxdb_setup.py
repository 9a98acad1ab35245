"""The Job that brings InfluxDB's users, databases and retention policies to what the site says.

Owns the Job, its program and its settings. Stops before the server, which must be running, and
before passwords, which come from elsewhere. Changed settings, passwords or a changed program make
a new Job; each can be run again without harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import batch

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container
from efd_infra.components.foundation.reconcile_job import reconcile_job
from efd_infra.components.foundation.volume import (
    Volume,
    config_volume,
    secret_volume,
)
from efd_infra.config.cluster import Resources
from efd_infra.config.contract import INFLUXDB
from efd_infra.config.influxdb_user import InfluxDbUser
from efd_infra.config.timeseries import DatabaseSection
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.influxdb_setup import setup_settings

_SETTINGS_DIR = "/etc/efd/setup"
_USERS_DIR = "/etc/efd/users"
_SIGNING_DIR = "/etc/efd/signing"
_PROGRAM = "reconcile.py"
_SETTINGS = "settings.json"
_USER = 1000
"""The image names no user of its own; any unprivileged one will do."""


@dataclass(frozen=True, kw_only=True)
class InfluxDbSetupArgs:
    """What the server shall hold, and who may change it."""

    databases: Sequence[DatabaseSection]
    platform: Platform
    namespace: pulumi.Input[str]
    users: Mapping[str, InfluxDbUser]
    user_secrets: Mapping[str, pulumi.Input[str]]
    """By user, the name of a Secret with the key ``password``."""
    signing_secret: pulumi.Input[str]
    """The Secret that holds what the server signs tokens with."""
    signing_key: str
    """The key in that Secret."""
    after: Sequence[pulumi.Resource]
    """The server."""


class InfluxDbSetup(pulumi.ComponentResource):
    """One run of the set-up program."""

    job: batch.v1.Job

    def __init__(
        self, name: str, args: InfluxDbSetupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:timeseries:InfluxDbSetup", name, {}, opts)
        identity = workloads.INFLUXDB_SETUP.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self.job = self._job(name, args, self._settings(name, args))
        self.register_outputs({})

    def _settings(self, name: str, args: InfluxDbSetupArgs) -> pulumi.Output[str]:
        files = {
            _PROGRAM: read_artifact(f"influxdb/{_PROGRAM}"),
            _SETTINGS: setup_settings(args.databases, args.users.values()),
        }
        return config_files(f"{name}-settings", files, self._placement)

    def _job(
        self, name: str, args: InfluxDbSetupArgs, settings: pulumi.Output[str]
    ) -> batch.v1.Job:
        script = Container(
            name="setup",
            # For its Python: InfluxDB's own client takes passwords as arguments, and no tokens.
            image=args.platform.images.connect_manager,
            command=["python3", f"{_SETTINGS_DIR}/{_PROGRAM}"],
            env={
                "INFLUXDB_URL": INFLUXDB.url,
                "SETTINGS": f"{_SETTINGS_DIR}/{_SETTINGS}",
                "USERS_DIR": _USERS_DIR,
                "SIGNING_KEY": f"{_SIGNING_DIR}/{args.signing_key}",
            },
            volumes=self._volumes(args, settings),
            resources=Resources(
                cpu=Cpu("50m"),
                memory=Quantity("64Mi"),
                cpu_limit=Cpu("500m"),
                memory_limit=Quantity("128Mi"),
            ),
        )
        return reconcile_job(
            f"{name}-job",
            script,
            user=_USER,
            placement=self._placement,
            platform=args.platform,
            after=args.after,
        )

    def _volumes(self, args: InfluxDbSetupArgs, settings: pulumi.Output[str]) -> list[Volume]:
        return [
            config_volume("settings", _SETTINGS_DIR, settings),
            secret_volume("signing", _SIGNING_DIR, args.signing_secret),
            *(
                secret_volume(f"user-{user}", f"{_USERS_DIR}/{user}", args.user_secrets[user])
                for user in sorted(args.users)
            ),
        ]
