"""A cluster of Google Kubernetes Engine.

Owns the control plane, the nodes and who they are. Stops before the network they stand in, and
before everything that is deployed to it.
"""

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from efd_infra.components.cloud.network import PODS_RANGE, SERVICES_RANGE, Network
from efd_infra.config.cloud import CloudSection
from efd_infra.manifests.kubeconfig import google_kubeconfig

_NODE_ROLE = "roles/container.defaultNodeServiceAccount"
"""What a node may do: report metrics and logs, and no more."""


@dataclass(frozen=True, kw_only=True)
class GkeArgs:
    """What the cluster needs besides its section of the site."""

    section: CloudSection
    name: str
    """How the cluster is called in the project."""
    site: str
    context: str
    """How the kubeconfig calls it."""
    network: Network


class Gke(pulumi.ComponentResource):
    """A cluster whose nodes are private, whose pods have identities, and which is easily ended."""

    kubeconfig: pulumi.Output[str]
    """For whoever is logged in at Google; known once there are nodes."""

    def __init__(
        self, name: str, args: GkeArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:cloud:Gke", name, {}, opts)
        self._own = pulumi.ResourceOptions(parent=self)
        self._labels = args.section.labels(args.site)
        cluster = self._cluster(name, args)
        nodes = self._nodes(name, args, cluster)
        endpoint = cluster.control_plane_endpoints_config.dns_endpoint_config.endpoint
        self.kubeconfig = pulumi.Output.all(endpoint, nodes.id).apply(
            lambda known: google_kubeconfig(context=args.context, host=known[0])
        )
        self.register_outputs({"kubeconfig": self.kubeconfig})

    def _cluster(self, name: str, args: GkeArgs) -> gcp.container.Cluster:
        section = args.section
        return gcp.container.Cluster(
            f"{name}-cluster",
            name=args.name,
            location=section.zone,
            resource_labels=self._labels,
            release_channel=gcp.container.ClusterReleaseChannelArgs(
                channel=section.release_channel
            ),
            network=args.network.network,
            subnetwork=args.network.subnetwork,
            networking_mode="VPC_NATIVE",
            ip_allocation_policy=gcp.container.ClusterIpAllocationPolicyArgs(
                cluster_secondary_range_name=PODS_RANGE,
                services_secondary_range_name=SERVICES_RANGE,
            ),
            # Network policies, which the program relies on, are enforced by it.
            datapath_provider="ADVANCED_DATAPATH",
            private_cluster_config=gcp.container.ClusterPrivateClusterConfigArgs(
                enable_private_nodes=True
            ),
            # No address of the control plane answers: only its name does, and IAM decides to whom.
            control_plane_endpoints_config=gcp.container.ClusterControlPlaneEndpointsConfigArgs(
                dns_endpoint_config=gcp.container.ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgs(
                    allow_external_traffic=True
                ),
                ip_endpoints_config=gcp.container.ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgs(
                    enabled=False
                ),
            ),
            workload_identity_config=gcp.container.ClusterWorkloadIdentityConfigArgs(
                workload_pool=f"{section.project}.svc.id.goog"
            ),
            enable_shielded_nodes=True,
            # The nodes are a pool of their own, which can change without the cluster.
            initial_node_count=1,
            remove_default_node_pool=True,
            deletion_protection=False,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.network.gateway]),
        )

    def _nodes(
        self, name: str, args: GkeArgs, cluster: gcp.container.Cluster
    ) -> gcp.container.NodePool:
        section = args.section
        account = gcp.serviceaccount.Account(
            f"{name}-account",
            account_id=args.name,
            display_name=f"Nodes of {args.site}",
            opts=self._own,
        )
        role = gcp.projects.IAMMember(
            f"{name}-account-role",
            project=section.project,
            role=_NODE_ROLE,
            member=account.email.apply(lambda email: f"serviceAccount:{email}"),
            opts=self._own,
        )
        return gcp.container.NodePool(
            f"{name}-nodes",
            name="nodes",
            cluster=cluster.id,
            location=section.zone,
            initial_node_count=section.nodes.least,
            autoscaling=gcp.container.NodePoolAutoscalingArgs(
                total_min_node_count=section.nodes.least,
                total_max_node_count=section.nodes.most,
                location_policy="ANY" if section.spot else "BALANCED",
            ),
            management=gcp.container.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
            network_config=gcp.container.NodePoolNetworkConfigArgs(enable_private_nodes=True),
            node_config=gcp.container.NodePoolNodeConfigArgs(
                machine_type=section.machine_type,
                spot=section.spot,
                disk_size_gb=section.boot_disk.bytes // 2**30,
                disk_type=section.disk_type,
                service_account=account.email,
                oauth_scopes=["https://www.googleapis.com/auth/cloud-platform"],
                resource_labels=self._labels,
                # Pods ask for their own identity; the node's is kept from them.
                workload_metadata_config=gcp.container.NodePoolNodeConfigWorkloadMetadataConfigArgs(
                    mode="GKE_METADATA"
                ),
                shielded_instance_config=gcp.container.NodePoolNodeConfigShieldedInstanceConfigArgs(
                    enable_secure_boot=True, enable_integrity_monitoring=True
                ),
                metadata={"disable-legacy-endpoints": "true"},
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
