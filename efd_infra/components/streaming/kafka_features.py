"""The Job that raises the version of the cluster's metadata to what the site says.

Owns the Job and its script. Stops before the brokers, which must run a release that knows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import batch

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container
from efd_infra.components.foundation.reconcile_job import reconcile_job
from efd_infra.components.foundation.volume import config_volume
from efd_infra.config.values import KafkaRelease
from efd_infra.manifests import workloads
from efd_infra.manifests.kafka_admin import ADMIN_RESOURCES, ADMIN_USER, admin_environment

_SETTINGS_DIR = "/etc/efd/kafka-features"
_SCRIPTS = ("admin.sh", "features.sh")
_PATIENCE = 300
"""Seconds that one attempt waits for the brokers."""


@dataclass(frozen=True, kw_only=True)
class KafkaFeaturesArgs:
    """Which release's metadata, and whom to tell."""

    release: KafkaRelease
    platform: Platform
    namespace: pulumi.Input[str]
    login: KafkaLogin
    """The brokers' own, who alone may change features."""
    after: Sequence[pulumi.Resource]
    """The brokers."""


class KafkaFeatures(pulumi.ComponentResource):
    """One run of the script that raises features."""

    job: batch.v1.Job

    def __init__(
        self, name: str, args: KafkaFeaturesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:KafkaFeatures", name, {}, opts)
        identity = workloads.KAFKA_FEATURES.identity
        placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        files = {script: read_artifact(f"kafka/{script}") for script in _SCRIPTS}
        settings = config_files(f"{name}-settings", files, placement)
        script = Container(
            name="features",
            image=args.platform.images.kafka,
            command=["/bin/sh", f"{_SETTINGS_DIR}/features.sh"],
            env={
                **admin_environment(args.login.bootstrap, _SETTINGS_DIR),
                "PATIENCE": str(_PATIENCE),
                "RELEASE": args.release,
            },
            volumes=[config_volume("settings", _SETTINGS_DIR, settings), args.login.volume],
            resources=ADMIN_RESOURCES,
        )
        self.job = reconcile_job(
            f"{name}-job",
            script,
            user=ADMIN_USER,
            placement=placement,
            platform=args.platform,
            after=args.after,
        )
        self.register_outputs({})
