"""Disruption budgets: how many replicas a drain may take away at a time."""

from pulumi_kubernetes import policy

from efd_infra.components.foundation.placement import Placement


def one_at_a_time(logical_name: str, name: str, placement: Placement) -> None:
    """Let a drain take one pod at a time; ``name`` is that of the workload.

    The selector is the workload's own: a budget with wrong labels protected nothing
    (lsst-sqre/phalanx@68a30a4b5).
    """
    policy.v1.PodDisruptionBudget(
        logical_name,
        metadata=placement.metadata(name),
        spec=policy.v1.PodDisruptionBudgetSpecArgs(max_unavailable=1, selector=placement.selector),
        opts=placement.child,
    )
