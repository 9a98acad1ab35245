"""Objects each of which breaks a rule by itself, and one that nobody can judge in a preview."""

import pulumi
import pulumi_kubernetes as kubernetes
import pulumi_random as random

options = pulumi.ResourceOptions(provider=kubernetes.Provider("cluster", context="passing"))


def metadata(name: str) -> dict[str, str]:
    """Return the metadata of an object; it has no labels."""
    return {"name": name, "namespace": "default"}


kubernetes.core.v1.Pod(
    "neighbour",
    metadata=metadata("neighbour"),
    spec={"hostNetwork": True, "containers": [{"name": "a", "image": "b:latest"}]},
    opts=options,
)
kubernetes.rbac.v1.Role(
    "wildcard",
    metadata=metadata("wildcard"),
    rules=[{"apiGroups": [""], "resources": ["*"], "verbs": ["get"]}],
    opts=options,
)
kubernetes.core.v1.ConfigMap(
    "password",
    metadata=metadata("password"),
    data={"client.properties": "user=a\npassword=correct-horse-battery\n"},
    opts=options,
)
kubernetes.core.v1.PersistentVolumeClaim(
    "endless",
    metadata=metadata("endless"),
    spec={"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}}},
    opts=options,
)
generated = random.RandomPassword("generated", length=20)
kubernetes.core.v1.ConfigMap(
    "unknown",
    metadata=metadata("unknown"),
    data={"client.properties": pulumi.Output.concat("password=", generated.result)},
    opts=options,
)
