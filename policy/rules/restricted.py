"""The restricted Pod Security Standard of Kubernetes.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator
from typing import Any

from policy.rule import ResourceRule
from policy.violation import Violation, shown
from rendering.resource import Path, Resource

_Finding = tuple[Path, Any, str]
"""Where below the pod's specification, what is given, what is allowed."""

_VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
_PROFILES = ("RuntimeDefault", "Localhost")
_SELINUX_TYPES = {
    "",
    "container_t",
    "container_init_t",
    "container_kvm_t",
    "container_engine_t",
}
_CALLERS = ("livenessProbe", "readinessProbe", "startupProbe")
_SHARED = ("runAsNonRoot", "seccompProfile")
_NONE = "nothing"


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield what a workload's pods may not do after the standard."""
    for path, given, allowed in _pod(resource.pod):
        yield Violation(
            resource=resource,
            path=(*resource.pod_path, *path),
            given=shown(given),
            allowed=allowed,
            depends=tuple((resource, (*resource.pod_path, *rest)) for rest in _shared(path)),
        )


RULE = ResourceRule(
    name="pods-restricted",
    asks="Pods keep to the restricted Pod Security Standard.",
    find=violations,
)


def _shared(path: Path) -> Iterator[Path]:
    """Yield where a pod says for all its containers what one of them does not say."""
    yield from (("securityContext", field) for field in _SHARED if field in path)


def _pod(pod: dict[str, Any]) -> Iterator[_Finding]:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield (field,), pod[field], "false or nothing"
    context = pod.get("securityContext") or {}
    if context.get("sysctls"):
        yield ("securityContext", "sysctls"), context["sysctls"], _NONE
    yield from _below(("securityContext",), _either(context))
    for index, volume in enumerate(pod.get("volumes") or []):
        for source in sorted(set(volume) - {"name"} - _VOLUMES):
            yield (
                ("volumes", index, source),
                f"a volume of type {source}",
                ", ".join(sorted(_VOLUMES)),
            )
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for index, container in enumerate(pod.get(kind) or []):
            yield from _below((kind, index), _container(container, context))


def _container(container: dict[str, Any], shared: dict[str, Any]) -> Iterator[_Finding]:
    own = container.get("securityContext") or {}
    yield from _below(("securityContext",), _own(own, shared))
    for index, port in enumerate(container.get("ports") or []):
        if port.get("hostPort"):
            yield ("ports", index, "hostPort"), port["hostPort"], _NONE
    for caller in _CALLERS:
        if host := ((container.get(caller) or {}).get("httpGet") or {}).get("host"):
            yield (caller, "httpGet", "host"), host, _NONE


def _own(own: dict[str, Any], shared: dict[str, Any]) -> Iterator[_Finding]:
    """Yield what is wrong in a container's security context; ``shared`` is that of its pod."""
    yield from _either(own)
    if own.get("privileged"):
        yield ("privileged",), True, "false or nothing"
    if own.get("procMount", "Default") != "Default":
        yield ("procMount",), own["procMount"], "Default"
    if own.get("allowPrivilegeEscalation") is not False:
        yield ("allowPrivilegeEscalation",), own.get("allowPrivilegeEscalation"), "false"
    capabilities = own.get("capabilities") or {}
    if "ALL" not in (capabilities.get("drop") or []):
        yield ("capabilities", "drop"), capabilities.get("drop"), "ALL"
    if added := sorted(set(capabilities.get("add") or []) - {"NET_BIND_SERVICE"}):
        yield ("capabilities", "add"), ", ".join(added), "NET_BIND_SERVICE"
    not_root = own.get("runAsNonRoot", shared.get("runAsNonRoot"))
    if not_root is not True:
        yield ("runAsNonRoot",), not_root, "true, here or for the pod"
    profile = own.get("seccompProfile") or shared.get("seccompProfile") or {}
    if profile.get("type") not in _PROFILES:
        yield ("seccompProfile", "type"), profile.get("type"), " or ".join(_PROFILES)


def _either(context: dict[str, Any]) -> Iterator[_Finding]:
    """Yield what is forbidden in a pod's security context as in a container's."""
    if context.get("runAsUser") == 0:
        yield ("runAsUser",), "0", "any other user"
    if (context.get("windowsOptions") or {}).get("hostProcess"):
        yield ("windowsOptions", "hostProcess"), True, "false or nothing"
    armour = (context.get("appArmorProfile") or {}).get("type", "RuntimeDefault")
    if armour not in _PROFILES:
        yield ("appArmorProfile", "type"), armour, " or ".join(_PROFILES)
    options = context.get("seLinuxOptions") or {}
    if options.get("type", "") not in _SELINUX_TYPES:
        yield ("seLinuxOptions", "type"), options["type"], ", ".join(sorted(_SELINUX_TYPES - {""}))
    for field in ("user", "role"):
        if options.get(field):
            yield ("seLinuxOptions", field), options[field], _NONE


def _below(path: Path, found: Iterator[_Finding]) -> Iterator[_Finding]:
    return (((*path, *rest), given, allowed) for rest, given, allowed in found)
