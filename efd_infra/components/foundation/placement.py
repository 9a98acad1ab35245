"""What all objects of one component have in common: owner, namespace and labels."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta

from efd_infra.manifests.labels import Identity


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Whose objects these are, where they live, and how they are labelled."""

    parent: pulumi.Resource
    namespace: pulumi.Input[str]
    identity: Identity

    @property
    def child(self) -> pulumi.ResourceOptions:
        """The options of every object."""
        return pulumi.ResourceOptions(parent=self.parent)

    def metadata(
        self, name: str | None = None, annotations: Mapping[str, str] | None = None
    ) -> meta.v1.ObjectMetaArgs:
        """Return an object's metadata; without a name the object is auto-named."""
        return meta.v1.ObjectMetaArgs(
            name=name,
            namespace=self.namespace,
            labels=self.identity.labels,
            annotations=annotations,
        )

    @property
    def selector(self) -> meta.v1.LabelSelectorArgs:
        """The selector of this component's pods."""
        return meta.v1.LabelSelectorArgs(match_labels=self.identity.selector)
