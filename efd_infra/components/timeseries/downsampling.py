"""What fills the tiers of InfluxDB: a Job each day, in the hours that disturb nobody.

Owns the schedule, the program and its settings. Stops before the policies, which InfluxDB's own
set-up makes, and before the work, which is the server's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.cron_job import Timetable, cron_job
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod
from efd_infra.components.foundation.volume import config_volume, secret_volume
from efd_infra.config.timeseries import TimeseriesSection
from efd_infra.manifests import workloads
from efd_infra.manifests.downsampling import downsampling_settings

NAME = "downsampling"
"""Of the CronJob; whoever wants a run now makes a Job from it."""

_DIR = "/etc/efd/downsampling"
_LOGIN_DIR = "/etc/efd/influxdb"
_PROGRAM = "downsample.py"
_SETTINGS = "settings.json"
_USER = 1000
"""The image names no user of its own; any unprivileged one will do."""
_ATTEMPTS = 4
"""While InfluxDB is away; each goes on from where the last one was."""


@dataclass(frozen=True, kw_only=True)
class DownsamplingArgs:
    """What there is to fill, and how to get there."""

    section: TimeseriesSection
    platform: Platform
    namespace: pulumi.Input[str]
    influxdb_url: str
    metrics_database: str
    user_secret: pulumi.Input[str]
    """The name of a Secret with the keys ``username`` and ``password``."""
    after: Sequence[pulumi.Resource]
    """InfluxDB with its users and policies."""


class Downsampling(pulumi.ComponentResource):
    """The schedule of a site's tiers."""

    def __init__(
        self, name: str, args: DownsamplingArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:timeseries:Downsampling", name, {}, opts)
        identity = workloads.DOWNSAMPLING.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self._schedule(name, args, self._container(name, args))
        self.register_outputs({})

    def _container(self, name: str, args: DownsamplingArgs) -> Container:
        files = {
            _PROGRAM: read_artifact(f"influxdb/{_PROGRAM}"),
            _SETTINGS: downsampling_settings(args.section, args.metrics_database),
        }
        mounted = config_files(f"{name}-files", files, self._placement)
        return Container(
            name="downsample",
            # For its Python; nothing else of it is used.
            image=args.platform.images.connect_manager,
            command=["python3", f"{_DIR}/{_PROGRAM}"],
            env={
                "INFLUXDB_URL": args.influxdb_url,
                "LOGIN_DIR": _LOGIN_DIR,
                "SETTINGS": f"{_DIR}/{_SETTINGS}",
            },
            volumes=[
                config_volume("files", _DIR, mounted),
                secret_volume("login", _LOGIN_DIR, args.user_secret),
            ],
            resources=args.section.downsampling.resources,
        )

    def _schedule(self, name: str, args: DownsamplingArgs, container: Container) -> None:
        day = args.section.daytime
        pod = Pod(
            identity=self._placement.identity,
            platform=args.platform,
            containers=[container],
            user=_USER,
        )
        timetable = Timetable(
            schedule=day.schedule, time_zone=day.time_zone, deadline=day.seconds, attempts=_ATTEMPTS
        )
        cron_job(f"{name}-daily", NAME, pod, timetable, self._placement, args.after)
