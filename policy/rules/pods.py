"""What pods here keep to beyond the restricted standard."""

from collections.abc import Iterator

from policy.rule import ResourceRule
from policy.violation import Violation, shown
from rendering.resource import Resource


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield where a pod can do what none here needs."""
    if not resource.pod:
        return
    pod, place = resource.pod, resource.pod_path
    context = pod.get("securityContext") or {}
    # `runAsNonRoot` alone fails at start where the image names its user in words.
    if not context.get("runAsUser"):
        yield Violation(
            resource=resource,
            path=(*place, "securityContext", "runAsUser"),
            given=shown(context.get("runAsUser")),
            allowed="the number of an unprivileged user",
        )
    # Kafka's and Kapacitor's images take the addresses of other Services for settings.
    for field in ("automountServiceAccountToken", "enableServiceLinks"):
        if pod.get(field) is not False:
            yield Violation(
                resource=resource,
                path=(*place, field),
                given=shown(pod.get(field)),
                allowed="false",
            )
    for index, volume in enumerate(pod.get("volumes") or []):
        if "emptyDir" in volume and not (volume["emptyDir"] or {}).get("sizeLimit"):
            yield Violation(
                resource=resource,
                path=(*place, "volumes", index, "emptyDir", "sizeLimit"),
                given=shown(None),
                allowed="a size",
            )
    for path, container in resource.placed_containers:
        given = (container.get("securityContext") or {}).get("readOnlyRootFilesystem")
        if given is not True:
            yield Violation(
                resource=resource,
                path=(*path, "securityContext", "readOnlyRootFilesystem"),
                given=shown(given),
                allowed="true",
            )


RULE = ResourceRule(
    name="pods-confined",
    asks="Pods name their unprivileged user, write to bounded volumes alone, and know neither the "
    "Kubernetes API nor other Services' addresses.",
    find=violations,
)
