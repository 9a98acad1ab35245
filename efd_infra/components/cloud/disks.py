"""The storage class of a cluster on Google Cloud, whose disks say whose they are.

Owns the class. Stops before the claims, each of which belongs to the component that stores
something.
"""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta, storage

from efd_infra.config.cloud import CloudSection
from efd_infra.manifests.labels import Identity


@dataclass(frozen=True, kw_only=True)
class DisksArgs:
    """What the class needs besides its section of the site."""

    section: CloudSection
    storage_class: str
    site: str


class Disks(pulumi.ComponentResource):
    """Disks with the site's labels, so that one that is left behind can be found and removed."""

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: DisksArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:cloud:Disks", name, {}, opts)
        labels = args.section.labels(args.site)
        made = storage.v1.StorageClass(
            f"{name}-class",
            metadata=meta.v1.ObjectMetaArgs(
                name=args.storage_class,
                labels=Identity(name="disks", instance=name, layer="cloud").labels,
            ),
            provisioner="pd.csi.storage.gke.io",
            parameters={
                "type": args.section.disk_type,
                "labels": ",".join(f"{key}={value}" for key, value in labels.items()),
            },
            reclaim_policy="Delete",
            allow_volume_expansion=True,
            # A disk is made in the zone of the node whose pod wants it.
            volume_binding_mode="WaitForFirstConsumer",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = made.metadata.name
        self.register_outputs({"name": self.name})
