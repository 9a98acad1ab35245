"""Every rule accepts a stack that keeps all of them, and refuses one in which it is broken."""

import base64
from collections.abc import Iterable
from dataclasses import replace

import pytest

from policy.rule import Rule
from policy.rules import RULES
from rendering.resource import Resource
from tests.support.broken_rules import BROKEN
from tests.support.judged import LABELS, SECRET, broken, resource, stack, without
from tests.support.site_case import EVERY_SITE, SiteCase

_BY_NAME = {rule.name: rule for rule in RULES}


def _words(rule: Rule, resources: Iterable[Resource]) -> list[str]:
    return [str(violation) for violation in rule.violations(resources)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_right_stack_is_accepted(rule: Rule) -> None:
    assert _words(rule, stack()) == []


@pytest.mark.parametrize(("name", "object_", "path", "value", "words"), BROKEN)
def test_a_broken_rule_is_told(
    name: str, object_: str, path: str, value: object, words: str
) -> None:
    found = _words(_BY_NAME[name], broken(object_, path, value))
    assert any(words in each for each in found), found
    assert not any(SECRET in each or "abcdefgh" in each for each in found)


def test_a_store_beside_protected_ones_is_protected() -> None:
    bare = [replace(each, protect=False) if each.name == "Namespace" else each for each in stack()]
    (found,) = _words(_BY_NAME["stores-protected"], bare)
    assert found == (
        "Namespace place: given no protection, allowed `protect`, which "
        "PersistentVolumeClaim place/persistentvolumeclaim has"
    )


def test_a_passing_site_protects_nothing() -> None:
    bare = [replace(each, protect=False) for each in stack()]
    assert _words(_BY_NAME["stores-protected"], bare) == []


def test_a_namespace_without_a_policy_is_told() -> None:
    assert _words(_BY_NAME["namespaces-closed"], without("NetworkPolicy denial"))


def test_a_generated_password_is_looked_for_too() -> None:
    token = "random:index/randomPassword:RandomPassword"  # noqa: S105 -- a type
    generated = replace(
        resource("x", {}), token=token, inputs={"result": "abcdefghijklmnop", "length": 16}
    )
    told = resource("ConfigMap note", {"data": {"a": "abcdefghijklmnop"}})
    assert len(_words(_BY_NAME["secrets-in-place"], [generated, told])) == 1


@pytest.mark.parametrize("shift", range(3))
def test_a_secret_is_recognised_inside_base64(shift: int) -> None:
    hidden = base64.b64encode(b"x" * shift + SECRET.encode() + b"yz").decode()
    resources = [*stack(), resource("ConfigMap hiding", {"data": {"a": hidden}})]
    assert len(_words(_BY_NAME["secrets-in-place"], resources)) == 1


def test_a_load_balancer_to_closed_pods_is_told() -> None:
    closed = broken("NetworkPolicy server", "spec.ingress", [])
    balancer = resource(
        "Service front",
        {"spec": {"type": "LoadBalancer", "selector": LABELS, "ports": [{"port": 8080}]}},
    )
    found = _words(_BY_NAME["doors-declared"], [*closed, balancer])
    assert any("given LoadBalancer to port 8080" in each for each in found)


def test_every_rule_is_broken_by_some_test() -> None:
    assert {case[0] for case in BROKEN} | {"stores-protected"} == set(_BY_NAME)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("site", EVERY_SITE, ids=lambda site: site.name)
def test_every_site_keeps_every_rule(site: SiteCase, rule: Rule) -> None:
    assert _words(rule, site.run.resources) == []
