"""Configuration files, auto-named so that a changed file rolls the pods that mount it."""

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
