"""What may be done with the Kubernetes API."""

from collections.abc import Iterator

from policy.rule import ResourceRule
from policy.violation import Violation
from rendering.resource import Resource

_ROLES = {"Role", "ClusterRole"}
_BINDINGS = {"RoleBinding", "ClusterRoleBinding"}
_FIELDS = ("verbs", "resources", "apiGroups", "nonResourceURLs")
_ALL_RIGHTS = "cluster-admin"


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield rights that nobody has counted."""
    if not resource.is_object:
        return
    if resource.kind in _ROLES:
        for index, rule in enumerate(resource.inputs.get("rules") or []):
            for field in _FIELDS:
                if any("*" in str(word) for word in rule.get(field) or []):
                    yield Violation(
                        resource=resource,
                        path=("rules", index, field),
                        given=", ".join(map(str, rule[field])),
                        allowed="each by its name",
                    )
    if resource.kind in _BINDINGS:
        role = resource.inputs.get("roleRef") or {}
        if role.get("name") == _ALL_RIGHTS:
            yield Violation(
                resource=resource,
                path=("roleRef", "name"),
                given=_ALL_RIGHTS,
                allowed="a role that names what it allows",
            )


RULE = ResourceRule(
    name="rights-named",
    asks="Roles name what they allow; none has a wildcard, and nobody gets all rights.",
    find=violations,
)
