"""The cluster of a site, as everything that is deployed to it finds it."""

import pulumi
import pulumi_kubernetes as kubernetes

from efd_infra.components.cloud.disks import Disks, DisksArgs
from efd_infra.config.site import Site
from stacks.cloud import CloudLayer


def cluster_options(site: Site, cloud: CloudLayer | None) -> pulumi.ResourceOptions:
    """Return the options of every component: the provider of the site's own cluster."""
    provider = kubernetes.Provider(
        "kubernetes",
        # Of a cluster that is made here; else the one that is there on this machine.
        kubeconfig=cloud.kubeconfig if cloud else None,
        context=site.cluster.context,
        # The identity of the cluster, whatever its context is called on this machine: a
        # renamed context must never look like another cluster and replace everything.
        cluster_identifier=f"efd-{site.name}",
    )
    options = pulumi.ResourceOptions(providers=[provider])
    if cloud:
        storage_class = site.cluster.storage_class
        disks = DisksArgs(section=cloud.section, storage_class=storage_class, site=site.name)
        Disks("disks", disks, options)
    return options
