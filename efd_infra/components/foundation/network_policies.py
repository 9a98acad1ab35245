"""The network policies of one namespace: nothing may pass but the flows of the site.

Owns the denial of everything else, and for each workload one policy with all its flows, in and out.
Stops before the network plug-in that enforces them, which belongs to the cluster, and before
probes: kubelet asks from the node, which plug-ins always let through.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import meta, networking

from efd_infra.components.foundation.placement import Placement
from efd_infra.manifests.annotations import FLOWS
from efd_infra.manifests.flow import Flow
from efd_infra.manifests.labels import Identity
from efd_infra.manifests.peers import Namespaces, Networks, Peer, Ports
from efd_infra.manifests.workloads import Workload

_NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Kubernetes labels each namespace with its own name."""
_BOTH = ("Ingress", "Egress")


@dataclass(frozen=True, kw_only=True)
class NetworkPoliciesArgs:
    """What runs in the namespace, and every flow of the site."""

    name: str
    """The namespace's."""
    namespace: pulumi.Input[str]
    workloads: Sequence[Workload]
    flows: Sequence[Flow]


class NetworkPolicies(pulumi.ComponentResource):
    """The policies of one namespace."""

    namespace: pulumi.Output[str]
    """The namespace's name, known once every policy is in force."""

    def __init__(
        self, name: str, args: NetworkPoliciesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:foundation:NetworkPolicies", name, {}, opts)
        self._args = args
        policies = [
            self._for_all("default-deny", _BOTH, []),
            *(self._for_all(flow.name, ["Egress"], [flow]) for flow in self._of_every_pod()),
            *(self._for_one(workload) for workload in args.workloads),
        ]
        names = [policy.metadata.name for policy in policies]
        self.namespace = pulumi.Output.all(args.namespace, *names).apply(lambda known: known[0])
        self.register_outputs({"namespace": self.namespace})

    def _of_every_pod(self) -> Iterable[Flow]:
        """Return the flows whose source is the namespace as a whole."""
        return (
            flow
            for flow in self._args.flows
            for peer in flow.sources
            if isinstance(peer, Namespaces)
            if not peer.excluded
            if self._args.name in peer.names
        )

    def _for_all(
        self, name: str, directions: Sequence[str], flows: Sequence[Flow]
    ) -> networking.v1.NetworkPolicy:
        identity = Identity(name="network-policy", instance=name, layer="foundation")
        placement = Placement(parent=self, namespace=self._args.namespace, identity=identity)
        spec = networking.v1.NetworkPolicySpecArgs(
            pod_selector=meta.v1.LabelSelectorArgs(),
            policy_types=directions,
            egress=[_egress(flow) for flow in flows] or None,
        )
        return self._policy(name, spec, placement, flows)

    def _for_one(self, workload: Workload) -> networking.v1.NetworkPolicy:
        incoming = [flow for flow in self._args.flows if workload in flow.targets]
        outgoing = [flow for flow in self._args.flows if workload in flow.sources]
        placement = Placement(
            parent=self, namespace=self._args.namespace, identity=workload.identity
        )
        spec = networking.v1.NetworkPolicySpecArgs(
            pod_selector=placement.selector,
            policy_types=_BOTH,
            ingress=[_ingress(flow) for flow in incoming] or None,
            egress=[_egress(flow) for flow in outgoing] or None,
        )
        flows = tuple(dict.fromkeys([*incoming, *outgoing]))
        return self._policy(workload.identity.instance, spec, placement, flows)

    def _policy(
        self,
        name: str,
        spec: networking.v1.NetworkPolicySpecArgs,
        placement: Placement,
        flows: Sequence[Flow],
    ) -> networking.v1.NetworkPolicy:
        # Rules have no names of their own; these are what `kubectl describe` shows of them.
        named = {FLOWS: ", ".join(flow.name for flow in flows)} if flows else None
        return networking.v1.NetworkPolicy(
            f"{self._args.name}-{name}",
            metadata=placement.metadata(name, named),
            spec=spec,
            opts=placement.child,
        )


def _ingress(flow: Flow) -> networking.v1.NetworkPolicyIngressRuleArgs:
    return networking.v1.NetworkPolicyIngressRuleArgs(
        from_=_peers(flow.sources), ports=_ports(flow.ports)
    )


def _egress(flow: Flow) -> networking.v1.NetworkPolicyEgressRuleArgs:
    return networking.v1.NetworkPolicyEgressRuleArgs(
        to=_peers(flow.targets), ports=_ports(flow.ports)
    )


def _ports(ports: Iterable[Ports]) -> list[networking.v1.NetworkPolicyPortArgs]:
    return [
        networking.v1.NetworkPolicyPortArgs(
            protocol=each.protocol,
            port=each.first,
            end_port=None if each.last == each.first else each.last,
        )
        for each in ports
    ]


def _peers(peers: Iterable[Peer]) -> list[networking.v1.NetworkPolicyPeerArgs]:
    return [rule for peer in peers for rule in _peer(peer)]


def _peer(peer: Peer) -> list[networking.v1.NetworkPolicyPeerArgs]:
    match peer:
        case Workload():
            return [
                networking.v1.NetworkPolicyPeerArgs(
                    namespace_selector=_namespaces("In", [peer.namespace]),
                    pod_selector=meta.v1.LabelSelectorArgs(match_labels=peer.identity.selector),
                )
            ]
        case Namespaces():
            operator = "NotIn" if peer.excluded else "In"
            selector = _namespaces(operator, peer.names)
            return [networking.v1.NetworkPolicyPeerArgs(namespace_selector=selector)]
        case Networks():
            blocks = [networking.v1.IPBlockArgs(cidr=cidr) for cidr in peer.ranges]
            return [networking.v1.NetworkPolicyPeerArgs(ip_block=block) for block in blocks]


def _namespaces(operator: str, names: Sequence[str]) -> meta.v1.LabelSelectorArgs:
    if operator == "In" and len(names) == 1:
        return meta.v1.LabelSelectorArgs(match_labels={_NAMESPACE_LABEL: names[0]})
    requirement = meta.v1.LabelSelectorRequirementArgs(
        key=_NAMESPACE_LABEL, operator=operator, values=names
    )
    return meta.v1.LabelSelectorArgs(match_expressions=[requirement])
