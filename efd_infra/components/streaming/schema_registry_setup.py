"""The Job that brings Schema Registry's level and mode to what the site says.

Owns the Job. Stops before the registry, which must be running, and before subjects, which may have
levels of their own. A changed level or mode makes a new Job; each can be run again without harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import batch

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container
from efd_infra.components.foundation.reconcile_job import reconcile_job
from efd_infra.config.cluster import Resources
from efd_infra.config.schema_registry import SchemaRegistrySection
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests.schema_registry import Registry

_USER = 1000
"""The image names a user of its own; any unprivileged one will do."""
_PATIENCE = 300
"""Seconds that one attempt waits for the registry."""


@dataclass(frozen=True, kw_only=True)
class SchemaRegistrySetupArgs:
    """What the registry is to be told, and where."""

    registry: Registry
    section: SchemaRegistrySection
    platform: Platform
    namespace: pulumi.Input[str]
    after: Sequence[pulumi.Resource]
    """The registry."""


class SchemaRegistrySetup(pulumi.ComponentResource):
    """One run of the script that sets level and mode."""

    job: batch.v1.Job

    def __init__(
        self, name: str, args: SchemaRegistrySetupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:SchemaRegistrySetup", name, {}, opts)
        identity = args.registry.setup.identity
        script = Container(
            name="setup",
            image=args.platform.images.fetch,
            command=["/bin/sh", "-c", read_artifact("schema_registry/setup.sh")],
            env={
                "COMPATIBILITY": args.section.compatibility,
                "MODE": args.section.mode,
                "PATIENCE": str(_PATIENCE),
                "REGISTRY_URL": args.registry.address.url,
            },
            resources=Resources(
                cpu=Cpu("10m"),
                memory=Quantity("16Mi"),
                cpu_limit=Cpu("500m"),
                memory_limit=Quantity("64Mi"),
            ),
        )
        self.job = reconcile_job(
            f"{name}-job",
            script,
            user=_USER,
            placement=Placement(parent=self, namespace=args.namespace, identity=identity),
            platform=args.platform,
            after=args.after,
        )
        self.register_outputs({})
