"""Persistent volume claims, as resources of their own.

A StatefulSet's claim templates are immutable, so sizes never stand there: each claim is made
here, under the name that its set or pod expects, and grows in place.
"""

import pulumi
from pulumi_kubernetes import core

from efd_infra.components.foundation.placement import Placement
from efd_infra.config.cluster import ClusterSection, Storage


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
