"""The judge of pods: it must find what it is there to find."""

from typing import Any

import pytest

from tests.support.full_site import changed
from tests.support.pod_security import violations

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


def test_a_restricted_pod_violates_nothing() -> None:
    assert violations(_GOOD) == []


@pytest.mark.parametrize(
    ("path", "value", "violation"),
    [
        ("hostNetwork", True, "hostNetwork"),
        ("hostPID", True, "hostPID"),
        ("hostIPC", True, "hostIPC"),
        ("volumes.0", {"name": "v", "hostPath": {"path": "/"}}, "volume v of type hostPath"),
        ("securityContext.runAsNonRoot", False, "a: runAsNonRoot is not true"),
        ("securityContext.runAsUser", 0, "runAsUser 0"),
        ("securityContext.sysctls", [{"name": "kernel.msgmax"}], "sysctls"),
        (
            "securityContext.seccompProfile.type",
            "Unconfined",
            "a: seccompProfile is not RuntimeDefault or Localhost",
        ),
        ("securityContext.seLinuxOptions", {"user": "u"}, "seLinuxOptions"),
        ("containers.0.securityContext.runAsUser", 0, "a: runAsUser 0"),
        ("containers.0.securityContext.runAsNonRoot", False, "a: runAsNonRoot is not true"),
        ("containers.0.securityContext.privileged", True, "a: privileged"),
        ("containers.0.securityContext.procMount", "Unmasked", "a: procMount"),
        (
            "containers.0.securityContext.allowPrivilegeEscalation",
            None,
            "a: allowPrivilegeEscalation is not false",
        ),
        ("containers.0.securityContext.capabilities.drop", [], "a: capabilities do not drop ALL"),
        (
            "containers.0.securityContext.capabilities.add",
            ["NET_ADMIN"],
            "a: capabilities are added",
        ),
        ("containers.0.ports.0.hostPort", 80, "a: hostPort"),
        ("containers.0.livenessProbe.httpGet.host", "b", "a: livenessProbe with a host"),
        (
            "containers.0.securityContext.appArmorProfile",
            {"type": "Unconfined"},
            "a: appArmorProfile",
        ),
        (
            "containers.0.securityContext.windowsOptions",
            {"hostProcess": True},
            "a: hostProcess",
        ),
    ],
)
def test_what_the_standard_forbids_is_found(path: str, value: object, violation: str) -> None:
    assert violations(changed(_GOOD, path, value)) == [violation]
