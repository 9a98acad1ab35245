"""Every rule: by resource, and over a whole stack. A theme has a file of its own."""

from policy.rule import ResourceRule, Rule, StackRule
from policy.rules import (
    claims,
    doors,
    images,
    jobs,
    labels,
    measures,
    networks,
    pods,
    probes,
    replicas,
    restricted,
    rights,
    secret_text,
    stores,
)

RESOURCE_RULES: tuple[ResourceRule, ...] = (
    restricted.RULE,
    pods.RULE,
    images.RULE,
    measures.RULE,
    probes.RULE,
    jobs.RULE,
    labels.RULE,
    rights.RULE,
    claims.RULE,
    secret_text.RULE,
    replicas.SPREAD,
)
"""Rules that look at one resource at a time."""

STACK_RULES: tuple[StackRule, ...] = (
    doors.RULE,
    stores.RULE,
    replicas.BUDGET,
    networks.DENIED,
    networks.GUARDED,
    secret_text.ELSEWHERE,
)
"""Rules that need to see every resource of a stack."""

RULES: tuple[Rule, ...] = (*RESOURCE_RULES, *STACK_RULES)
