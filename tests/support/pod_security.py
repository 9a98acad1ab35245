"""The restricted Pod Security Standard of Kubernetes, as a list of what a pod does wrong.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator
from typing import Any

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
_PROFILES = {"RuntimeDefault", "Localhost"}
_SELINUX_TYPES = {
    "",
    "container_t",
    "container_init_t",
    "container_kvm_t",
    "container_engine_t",
}
_CALLERS = ("livenessProbe", "readinessProbe", "startupProbe")


def violations(pod: dict[str, Any]) -> list[str]:
    """Return what a pod's specification does that the standard forbids."""
    found = [*_pod(pod)]
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for container in pod.get(kind) or []:
            found += [f"{container['name']}: {what}" for what in _container(container, pod)]
    return found


def _pod(pod: dict[str, Any]) -> Iterator[str]:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield field
    context = pod.get("securityContext") or {}
    if context.get("sysctls"):
        yield "sysctls"
    yield from _either(context)
    for volume in pod.get("volumes") or []:
        for source in set(volume) - {"name"} - _VOLUMES:
            yield f"volume {volume['name']} of type {source}"


def _container(container: dict[str, Any], pod: dict[str, Any]) -> Iterator[str]:
    own = container.get("securityContext") or {}
    shared = pod.get("securityContext") or {}
    yield from _either(own)
    if own.get("privileged"):
        yield "privileged"
    if own.get("procMount", "Default") != "Default":
        yield "procMount"
    if own.get("allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation is not false"
    capabilities = own.get("capabilities") or {}
    if "ALL" not in (capabilities.get("drop") or []):
        yield "capabilities do not drop ALL"
    if set(capabilities.get("add") or []) - {"NET_BIND_SERVICE"}:
        yield "capabilities are added"
    if own.get("runAsNonRoot", shared.get("runAsNonRoot")) is not True:
        yield "runAsNonRoot is not true"
    profile = own.get("seccompProfile") or shared.get("seccompProfile") or {}
    if profile.get("type") not in _PROFILES:
        yield "seccompProfile is not RuntimeDefault or Localhost"
    yield from _host_access(container)


def _host_access(container: dict[str, Any]) -> Iterator[str]:
    if any(port.get("hostPort") for port in container.get("ports") or []):
        yield "hostPort"
    for caller in _CALLERS:
        action = (container.get(caller) or {}).get("httpGet") or {}
        if action.get("host"):
            yield f"{caller} with a host"


def _either(context: dict[str, Any]) -> Iterator[str]:
    """Yield what is forbidden in a pod's security context as in a container's."""
    if context.get("runAsUser") == 0:
        yield "runAsUser 0"
    if (context.get("windowsOptions") or {}).get("hostProcess"):
        yield "hostProcess"
    if (context.get("appArmorProfile") or {}).get("type", "RuntimeDefault") not in _PROFILES:
        yield "appArmorProfile"
    options = context.get("seLinuxOptions") or {}
    if options.get("type", "") not in _SELINUX_TYPES or options.get("user") or options.get("role"):
        yield "seLinuxOptions"
