"""The network layer: which pods may reach which."""

from dataclasses import replace

from efd_infra.components.foundation.network_policies import NetworkPolicies, NetworkPoliciesArgs
from efd_infra.config.site import Site
from efd_infra.manifests.flows import site_flows
from efd_infra.manifests.workloads import site_workloads
from stacks.foundation import FoundationLayer


def deploy_network(site: Site, foundation: FoundationLayer) -> FoundationLayer:
    """Let nothing pass but the site's flows.

    Returns the foundation with namespaces that are known once their policies are there, so that
    nothing that is put into one runs before.
    """
    flows = site_flows(site)
    guarded = {
        name: NetworkPolicies(
            name,
            NetworkPoliciesArgs(
                name=name,
                namespace=namespace,
                workloads=[w for w in site_workloads(site) if w.namespace == name],
                flows=flows,
            ),
            foundation.options,
        ).namespace
        for name, namespace in foundation.namespaces.items()
    }
    return replace(foundation, namespaces=guarded)
