"""Persistent volume claims, as resources of their own.

A StatefulSet's claim templates are immutable, so sizes never stand there: each claim is made
here, under the name that its set or pod expects, and grows in place.
"""

import pulumi
from pulumi_kubernetes import core, meta

from efd_infra.components.foundation.placement import Placement
from efd_infra.config.cluster import ClusterSection, Storage
from efd_infra.config.values import Quantity

_TEMPLATE_SIZE = Quantity("1Gi")
"""A set's claim template is immutable and must have a size. This one is never used: each claim
exists, with the site's size, before its pod does."""


def claim(
    logical_name: str, name: str, storage: Storage, cluster: ClusterSection, placement: Placement
) -> core.v1.PersistentVolumeClaim:
    """Register a claim called ``name``; protected and retained where the site is durable."""
    return core.v1.PersistentVolumeClaim(
        logical_name,
        metadata=placement.metadata(name),
        spec=core.v1.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=storage.storage_class or cluster.storage_class,
            resources=core.v1.VolumeResourceRequirementsArgs(requests={"storage": storage.size}),
        ),
        opts=pulumi.ResourceOptions(
            parent=placement.parent,
            protect=cluster.durable,
            retain_on_delete=cluster.durable,
        ),
    )


def claim_template(name: str) -> core.v1.PersistentVolumeClaimArgs:
    """Return what a set must say of the claims that are made for it."""
    return core.v1.PersistentVolumeClaimArgs(
        metadata=meta.v1.ObjectMetaArgs(name=name),
        spec=core.v1.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            resources=core.v1.VolumeResourceRequirementsArgs(requests={"storage": _TEMPLATE_SIZE}),
        ),
    )
