"""The rules as a policy pack of Pulumi: mandatory, so that a violation ends an operation."""

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from policy.received import received
from policy.rule import ResourceRule, StackRule
from policy.rules import RESOURCE_RULES, STACK_RULES
from policy.violation import Violation, title
from policy.waivers import RULES, Waiver, read_waivers, waiver_of

NAME = "efd"


def serve() -> None:
    """Serve the pack to the engine that started this process, until it has no more use for it."""
    waivers = read_waivers()
    PolicyPack(
        NAME,
        [
            *(_of_resource(rule, waivers) for rule in RESOURCE_RULES),
            *(_of_stack(rule, waivers) for rule in STACK_RULES),
        ],
        EnforcementLevel.MANDATORY,
    )


def _of_resource(rule: ResourceRule, waivers: tuple[Waiver, ...]) -> Policy:
    def validate(given: ResourceValidationArgs, report: ReportViolation) -> None:
        for violation in rule.violations([received(given)]):
            _report(rule.name, violation, report, waivers)

    return ResourceValidationPolicy(rule.name, rule.asks, validate)


def _of_stack(rule: StackRule, waivers: tuple[Waiver, ...]) -> Policy:
    def validate(given: StackValidationArgs, report: ReportViolation) -> None:
        for violation in rule.violations(map(received, given.resources)):
            _report(rule.name, violation, report, waivers)

    return StackValidationPolicy(rule.name, rule.asks, validate)


def _report(
    rule: str, violation: Violation, report: ReportViolation, waivers: tuple[Waiver, ...]
) -> None:
    """Report a violation unless a waiver means it.

    One whose day has passed still counts here: a repository's check may turn red overnight, a
    deployment may not.
    """
    if not waiver_of(waivers, RULES, rule, title(violation.resource)):
        report(str(violation), violation.resource.urn)
