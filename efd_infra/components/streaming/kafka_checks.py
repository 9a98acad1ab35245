"""The Jobs that look at the brokers before anything about them changes, and refuse what would hurt.

Owns two Jobs: one is made anew when the brokers' pods would change and restart one by one, the
other when their number would. Stops before the brokers, which wait for both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container
from efd_infra.components.foundation.reconcile_job import reconcile_job
from efd_infra.components.foundation.volume import config_volume
from efd_infra.config.kafka import KafkaSection
from efd_infra.manifests import workloads
from efd_infra.manifests.kafka_admin import ADMIN_RESOURCES, ADMIN_USER, admin_environment

_SETTINGS_DIR = "/etc/efd/kafka-checks"
_SCRIPTS = ("admin.sh", "presence.sh", "roll_check.sh", "size_check.sh")
_PATIENCE = 120
"""Seconds to wait for a broker that is on its way back; one that restarts takes less than one
minute, and whoever waits for a longer repair waits better without a change under way."""
_KNOWN_NAME = "kubernetes.default.svc:443"
"""Every cluster has it: when this does not resolve either, it is not that no broker is there."""


@dataclass(frozen=True, kw_only=True)
class KafkaChecksArgs:
    """What would be changed, and whom to ask."""

    section: KafkaSection
    platform: Platform
    namespace: pulumi.Input[str]
    login: KafkaLogin
    """The brokers' own."""
    pods: pulumi.Input[str]
    """A digest of the brokers' pod template."""


class KafkaChecks(pulumi.ComponentResource):
    """What must have succeeded before the brokers' set is touched."""

    jobs: list[pulumi.Resource]

    def __init__(
        self, name: str, args: KafkaChecksArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:KafkaChecks", name, {}, opts)
        identity = workloads.KAFKA_CHECKS.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        section = args.section
        files = {script: read_artifact(f"kafka/{script}") for script in _SCRIPTS}
        config_map = config_files(f"{name}-settings", files, self._placement)
        self._settings = config_volume("settings", _SETTINGS_DIR, config_map)
        self.jobs = [
            self._job(
                f"{name}-size",
                "size_check.sh",
                args,
                {"BROKERS": str(section.brokers), "CONTROLLERS": str(section.controllers)},
            )
        ]
        # One broker alone has nobody to stand in for it.
        if section.brokers > 1:
            pause = " ".join(section.may_pause_prefixes)
            # The API server drops an empty value, and a refresh would see drift.
            environment = {"PODS": args.pods, **({"MAY_PAUSE": pause} if pause else {})}
            self.jobs.append(self._job(f"{name}-roll", "roll_check.sh", args, environment))
        self.register_outputs({})

    def _job(
        self,
        name: str,
        script: str,
        args: KafkaChecksArgs,
        environment: Mapping[str, pulumi.Input[str]],
    ) -> pulumi.Resource:
        container = Container(
            name="check",
            image=args.platform.images.kafka,
            command=["/bin/sh", f"{_SETTINGS_DIR}/{script}"],
            env={
                **admin_environment(args.login.bootstrap, _SETTINGS_DIR),
                "KNOWN_NAME": _KNOWN_NAME,
                "PATIENCE": str(_PATIENCE),
                **environment,
            },
            volumes=[self._settings, args.login.volume],
            resources=ADMIN_RESOURCES,
        )
        return reconcile_job(
            name,
            container,
            user=ADMIN_USER,
            placement=self._placement,
            platform=args.platform,
            after=[],
        )
