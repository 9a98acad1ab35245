"""The Job that brings Kafka's users and their rules to what the site says.

Owns the Job, its script and its lists. Stops before the brokers, which must be running, and before
passwords, which come from elsewhere. A changed user, rule, password or script makes a new Job; each
can be run again without harm.
"""

from collections.abc import Mapping, Sequence
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
from efd_infra.components.foundation.volume import (
    Volume,
    config_volume,
    scratch_volume,
    secret_volume,
)
from efd_infra.config.kafka import KafkaSection
from efd_infra.config.listener import SCRAM
from efd_infra.config.values import Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.kafka_admin import (
    ADMIN_RESOURCES,
    ADMIN_USER,
    TOOL_JVM,
    access_environment,
)
from efd_infra.manifests.kafka_users import (
    KafkaUser,
    anonymous_grants,
    user_names,
    user_quotas,
    user_rules,
)

_SETTINGS_DIR = "/etc/efd/kafka-users"
_USERS_DIR = "/etc/efd/users"
_WORK_DIR = "/tmp"  # noqa: S108 -- the pod's own scratch volume
_PATIENCE = 600
"""Seconds that one attempt waits for the brokers, which may be restarting one by one."""


@dataclass(frozen=True, kw_only=True)
class KafkaUsersArgs:
    """Who may do what, and where that is said."""

    section: KafkaSection
    users: Sequence[KafkaUser]
    """The site's own users and those of its services."""
    platform: Platform
    namespace: pulumi.Input[str]
    login: KafkaLogin
    """The brokers' own, who alone may set users."""
    user_secrets: Mapping[str, pulumi.Input[str]]
    """By user, the name of a Secret with the key ``password``."""
    after: Sequence[pulumi.Resource]
    """The brokers."""


class KafkaUsers(pulumi.ComponentResource):
    """One run of the script that sets users and rules."""

    job: batch.v1.Job

    def __init__(
        self, name: str, args: KafkaUsersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:KafkaUsers", name, {}, opts)
        identity = workloads.KAFKA_USERS.identity
        self._placement = Placement(parent=self, namespace=args.namespace, identity=identity)
        self.job = self._job(name, args, self._settings(name, args))
        self.register_outputs({})

    def _settings(self, name: str, args: KafkaUsersArgs) -> pulumi.Output[str]:
        files = {
            "users": user_names(args.users),
            "rules": user_rules(args.users, anonymous_grants(args.section)),
            "quotas": user_quotas(args.users),
        }
        return config_files(f"{name}-settings", files, self._placement)

    def _job(self, name: str, args: KafkaUsersArgs, settings: pulumi.Output[str]) -> batch.v1.Job:
        script = Container(
            name="users",
            image=args.platform.images.kafka,
            command=["/bin/sh", "-c", read_artifact("kafka/users.sh"), "users.sh"],
            args=TOOL_JVM,
            env={
                **access_environment(args.login.bootstrap, _SETTINGS_DIR),
                "MECHANISM": SCRAM,
                "PATIENCE": str(_PATIENCE),
                "USERS_DIR": _USERS_DIR,
                "WORK_DIR": _WORK_DIR,
            },
            volumes=self._volumes(args, settings),
            resources=ADMIN_RESOURCES,
        )
        return reconcile_job(
            f"{name}-job",
            script,
            user=ADMIN_USER,
            placement=self._placement,
            platform=args.platform,
            after=args.after,
        )

    def _volumes(self, args: KafkaUsersArgs, settings: pulumi.Output[str]) -> list[Volume]:
        return [
            config_volume("settings", _SETTINGS_DIR, settings),
            args.login.volume,
            scratch_volume("work", _WORK_DIR, Quantity("64Mi")),
            *(
                secret_volume(f"user-{user}", f"{_USERS_DIR}/{user}", args.user_secrets[user])
                for user in sorted(user.name for user in args.users)
            ),
        ]
