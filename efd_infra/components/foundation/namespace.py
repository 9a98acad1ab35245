"""A namespace and what every namespace here carries: the restricted Pod Security Standard.

Owns the namespace. Stops before what runs in it.
"""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from efd_infra.config.cluster import ClusterSection
from efd_infra.manifests.labels import Identity


@dataclass(frozen=True, kw_only=True)
class NamespaceArgs:
    """What a namespace needs: its name is an address, so it is given."""

    name: str
    cluster: ClusterSection


class Namespace(pulumi.ComponentResource):
    """A namespace that admits restricted pods only."""

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:foundation:Namespace", name, {}, opts)
        namespace = core.v1.Namespace(
            f"{name}-namespace",
            metadata=meta.v1.ObjectMetaArgs(
                name=args.name,
                labels={
                    **Identity(name=args.name, instance=name, layer="foundation").labels,
                    "pod-security.kubernetes.io/enforce": "restricted",
                    "pod-security.kubernetes.io/warn": "restricted",
                },
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                # Deleting a namespace deletes the claims in it, protected or not.
                protect=args.cluster.durable,
                retain_on_delete=args.cluster.durable,
            ),
        )
        self.name = namespace.metadata.name
        self.register_outputs({"name": self.name})
