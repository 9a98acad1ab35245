"""What the restricted standard forbids is found; what it allows is not."""

from typing import Any

import pytest

from policy.rules import restricted
from tests.support.full_site import changed
from tests.support.judged import resource

_GOOD: dict[str, Any] = {
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "a",
            "ports": [{"containerPort": 80}],
            "livenessProbe": {"httpGet": {"path": "/"}},
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
            },
        }
    ],
    "volumes": [{"name": "v", "emptyDir": {}}],
}
_OWN = "containers.0.securityContext"
_AT = "containers[a].securityContext"


def _found(spec: dict[str, Any]) -> list[str]:
    """Return what is found in a pod, as place and value."""
    pod = resource("Pod p", {"spec": spec})
    return [
        f"{violation.place.removeprefix('spec.')}: {violation.given}"
        for violation in restricted.violations(pod)
    ]


def test_a_restricted_pod_violates_nothing() -> None:
    assert _found(_GOOD) == []


def test_a_pod_may_bind_a_low_port() -> None:
    assert _found(changed(_GOOD, f"{_OWN}.capabilities.add", ["NET_BIND_SERVICE"])) == []


@pytest.mark.parametrize(
    ("path", "value", "violation"),
    [
        ("hostNetwork", True, "hostNetwork: true"),
        ("hostPID", True, "hostPID: true"),
        ("hostIPC", True, "hostIPC: true"),
        (
            "volumes.0",
            {"name": "v", "hostPath": {"path": "/"}},
            "volumes[v].hostPath: a volume of type hostPath",
        ),
        ("securityContext.runAsNonRoot", False, f"{_AT}.runAsNonRoot: false"),
        ("securityContext.runAsUser", 0, "securityContext.runAsUser: 0"),
        (
            "securityContext.sysctls",
            ["kernel.msgmax"],
            "securityContext.sysctls: ['kernel.msgmax']",
        ),
        (
            "securityContext.seccompProfile.type",
            "Unconfined",
            f"{_AT}.seccompProfile.type: Unconfined",
        ),
        (
            "securityContext.seLinuxOptions",
            {"user": "u"},
            "securityContext.seLinuxOptions.user: u",
        ),
        (f"{_OWN}.seLinuxOptions", {"type": "t"}, f"{_AT}.seLinuxOptions.type: t"),
        (f"{_OWN}.runAsUser", 0, f"{_AT}.runAsUser: 0"),
        (f"{_OWN}.runAsNonRoot", False, f"{_AT}.runAsNonRoot: false"),
        (f"{_OWN}.privileged", True, f"{_AT}.privileged: true"),
        (f"{_OWN}.procMount", "Unmasked", f"{_AT}.procMount: Unmasked"),
        (f"{_OWN}.allowPrivilegeEscalation", None, f"{_AT}.allowPrivilegeEscalation: nothing"),
        (f"{_OWN}.capabilities.drop", [], f"{_AT}.capabilities.drop: nothing"),
        (f"{_OWN}.capabilities.add", ["NET_ADMIN"], f"{_AT}.capabilities.add: NET_ADMIN"),
        ("containers.0.ports.0.hostPort", 80, "containers[a].ports[0].hostPort: 80"),
        (
            "containers.0.livenessProbe.httpGet.host",
            "b",
            "containers[a].livenessProbe.httpGet.host: b",
        ),
        (
            f"{_OWN}.appArmorProfile",
            {"type": "Unconfined"},
            f"{_AT}.appArmorProfile.type: Unconfined",
        ),
        (
            f"{_OWN}.windowsOptions",
            {"hostProcess": True},
            f"{_AT}.windowsOptions.hostProcess: true",
        ),
    ],
)
def test_what_the_standard_forbids_is_found(path: str, value: object, violation: str) -> None:
    assert _found(changed(_GOOD, path, value)) == [violation]
