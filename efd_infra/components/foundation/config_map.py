"""Configuration files, mostly auto-named: a changed file rolls the pods that mount it."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes import core

from efd_infra.components.foundation.placement import Placement


def config_files(
    logical_name: str, files: Mapping[str, pulumi.Input[str]], placement: Placement
) -> pulumi.Output[str]:
    """Register ``files`` by name and return the name of their ConfigMap."""
    config_map = core.v1.ConfigMap(
        logical_name, metadata=placement.metadata(), data=files, opts=placement.child
    )
    return config_map.metadata.name


def lasting_files(
    logical_name: str, name: str, files: Mapping[str, pulumi.Input[str]], placement: Placement
) -> core.v1.ConfigMap:
    """Register ``files`` under a name that stays, so that a change rolls no pod.

    Only for what a pod reads once in its store's life.
    """
    return core.v1.ConfigMap(
        logical_name, metadata=placement.metadata(name), data=files, opts=placement.child
    )
