"""Backup, its rehearsal, and what a restore is made from.

Owns the Jobs and their times, the program that they run, and the volume that copies are kept in
where the site names no bucket. Stops before the servers that are copied, and the doors before them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.claim import claim
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.cron_job import Timetable, cron_job
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod
from efd_infra.components.foundation.probe import exec_probes
from efd_infra.components.foundation.volume import (
    Volume,
    claim_volume,
    config_volume,
    ephemeral_volume,
    secret_volume,
)
from efd_infra.config.backup import BackupSection
from efd_infra.config.cluster import Resources
from efd_infra.config.daytime import DaytimeSection
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.backup import (
    BUCKET_KEYS_DIR,
    FOLDER,
    HOURLY,
    INFLUXDB_LOGIN_DIR,
    KEY_DIR,
    PROGRAMS,
    SCRATCH_DIR,
    backup_time,
    door_env,
    rehearsal_env,
    rehearsal_time,
    scratch_conf,
)
from efd_infra.manifests.service_users import BACKUP, RESTORE
from efd_infra.manifests.workloads import Workload

_PROGRAM_DIR = "/opt/efd/backup"
_SETTINGS_DIR = "/etc/efd/influxdb-scratch"
_USER = 1000
"""The images name users of their own; any unprivileged one will do."""
_GRACE = 3600
"""Seconds that what has begun in time may take to end."""
_WEEK = 604_800
_SMALL = Resources(
    cpu=Cpu("100m"), memory=Quantity("256Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("768Mi")
)
_SCRATCH = Resources(
    cpu=Cpu("500m"), memory=Quantity("1Gi"), cpu_limit=Cpu("2"), memory_limit=Quantity("8Gi")
)


@dataclass(frozen=True, kw_only=True)
class BackupArgs:
    """What the Jobs need besides their section of the site."""

    section: BackupSection
    daytime: DaytimeSection
    platform: Platform
    namespace: pulumi.Input[str]
    env: Mapping[str, str]
    """What all of them are told."""
    take_env: Mapping[str, str]
    """What a backup is told besides."""
    watch_env: Mapping[str, str]
    """What is told besides to what says how old copies are."""
    restore_env: Mapping[str, str]
    """What a restore is told besides."""
    bucket_secret: pulumi.Input[str] | None
    """The name of a Secret with ``access-key-id`` and ``secret-access-key``."""
    keys: Mapping[str, pulumi.Input[str]]
    """By what it opens, ``backup`` or ``restore``, the name of a Secret with the key ``key``."""
    user_secrets: Mapping[str, pulumi.Input[str]]
    """By InfluxDB's users ``backup`` and ``admin``, the name of a Secret."""
    kafka: Mapping[str, KafkaLogin]
    """By Kafka's users ``efd-backup`` and ``efd-restore``."""


class Backup(pulumi.ComponentResource):
    """The Jobs of one site."""

    def __init__(
        self, name: str, args: BackupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:backup:Backup", name, {}, opts)
        self._args = args
        shared = self._placement(workloads.BACKUP)
        self._program = config_volume(
            "program",
            _PROGRAM_DIR,
            config_files(
                f"{name}-program",
                {file: read_artifact(f"backup/{file}") for file in PROGRAMS},
                shared,
            ),
        )
        self._where = self._destination(name, shared)
        self._take(name)
        self._watch(name)
        self._rehearse(name)
        self._restore(name)
        self.register_outputs({})

    def _placement(self, workload: Workload) -> Placement:
        return Placement(parent=self, namespace=self._args.namespace, identity=workload.identity)

    def _destination(self, name: str, placement: Placement) -> Volume:
        """Return where copies are kept, or who may keep them in a bucket."""
        if self._args.bucket_secret is not None:
            return secret_volume("bucket-keys", BUCKET_KEYS_DIR, self._args.bucket_secret)
        storage, cluster = self._args.section.claim, self._args.platform.cluster
        if storage is None:
            raise ValueError("a bucket needs the keys of who stores copies there")
        store = claim(f"{name}-store", "backup", storage, cluster, placement)
        return claim_volume("store", FOLDER, store.metadata.name)

    def _container(
        self, program: str, *, user: str = "backup", key: str | None = "backup", **more: str
    ) -> Container:
        """Return what runs one of the programs; without a ``key`` it opens no door."""
        volumes = [
            self._program,
            self._where,
            secret_volume(f"login-{user}", INFLUXDB_LOGIN_DIR, self._args.user_secrets[user]),
        ]
        env = {**self._args.env, "PYTHONPATH": _PROGRAM_DIR.rpartition("/")[0], **more}
        if key:
            env |= door_env()
            volumes.append(secret_volume(f"key-{key}", KEY_DIR, self._args.keys[key]))
        return Container(
            name=program,
            # It has Python and a Kafka client; the manager itself does not run.
            image=self._args.platform.images.connect_manager,
            command=["python3", "-m", f"backup.{program}"],
            env=env,
            volumes=volumes,
            resources=_SMALL,
        )

    def _dialling(self, container: Container, user: str) -> Container:
        """Return a container that logs in at Kafka."""
        return replace(container, volumes=[*container.volumes, self._args.kafka[user].volume])

    def _job(
        self,
        logical_name: str,
        workload: Workload,
        container: Container,
        timetable: Timetable,
        companions: Sequence[Container] = (),
    ) -> None:
        placement = self._placement(workload)
        pod = Pod(
            identity=placement.identity,
            platform=self._args.platform,
            init_containers=companions,
            containers=[container],
            user=_USER,
            together=self._args.section.claim is not None,
        )
        cron_job(logical_name, workload.identity.instance, pod, timetable, placement)

    def _timetable(self, schedule: str | None, deadline: int, attempts: int = 1) -> Timetable:
        zone = self._args.daytime.time_zone
        return Timetable(schedule=schedule, time_zone=zone, deadline=deadline, attempts=attempts)

    def _take(self, name: str) -> None:
        seconds = self._args.daytime.seconds
        self._job(
            f"{name}-job",
            workloads.BACKUP,
            self._dialling(self._container("take", **self._args.take_env), BACKUP),
            self._timetable(backup_time(self._args.section, self._args.daytime), seconds + _GRACE),
        )

    def _watch(self, name: str) -> None:
        container = self._container("watch", key=None, **self._args.watch_env)
        timetable = self._timetable(HOURLY, 600)
        self._job(f"{name}-watch", workloads.BACKUP_WATCH, container, timetable)

    def _rehearse(self, name: str) -> None:
        args = self._args
        seconds = args.daytime.seconds // 2
        scratch = ephemeral_volume(
            "scratch", SCRATCH_DIR, args.section.rehearsal.storage, args.platform.cluster
        )
        files = {"influxdb.conf": scratch_conf()}
        placement = self._placement(workloads.REHEARSAL)
        settings = config_files(f"{name}-rehearsal-settings", files, placement)
        server = Container(
            name="influxdb",
            image=args.platform.images.influxdb,
            command=["influxd", "-config", f"{_SETTINGS_DIR}/influxdb.conf"],
            volumes=[config_volume("settings", _SETTINGS_DIR, settings), scratch],
            resources=_SCRATCH,
            # It answers inside the pod only.
            probes=exec_probes(["influx", "-execute", "SHOW DATABASES"], start=120, period=30),
            restart_policy="Always",
        )
        self._job(
            f"{name}-rehearsal",
            workloads.REHEARSAL,
            self._container("rehearse", **rehearsal_env(args.section, args.daytime)),
            self._timetable(rehearsal_time(args.section, args.daytime), seconds + _GRACE),
            [server],
        )

    def _restore(self, name: str) -> None:
        """Register what ``make restore`` makes a Job from: it never runs by itself."""
        env = self._args.restore_env
        self._job(
            f"{name}-restore",
            workloads.RESTORE,
            self._dialling(self._container("restore", user="admin", key="restore", **env), RESTORE),
            self._timetable(None, _WEEK, attempts=5),
        )
