"""Objects each of which breaks a rule by itself, and one that nobody can judge in a preview."""

from typing import Any

import pulumi
import pulumi_random as random
from pulumi_kubernetes import Provider, core, rbac

PLACE = "default"
NEIGHBOUR: Any = {"hostNetwork": True, "containers": [{"name": "a", "image": "b:latest"}]}
ALL_OF_IT: Any = [{"apiGroups": [""], "resources": ["*"], "verbs": ["get"]}]
NO_CLASS: Any = {
    "accessModes": ["ReadWriteMany"],
    "resources": {"requests": {"storage": "1Gi"}},
}
options = pulumi.ResourceOptions(provider=Provider("cluster", context="passing"))


def metadata(name: str) -> Any:
    """Return the metadata of an object; it has no labels."""
    return {"name": name, "namespace": PLACE}


core.v1.Pod("neighbour", metadata=metadata("neighbour"), spec=NEIGHBOUR, opts=options)
rbac.v1.Role("wildcard", metadata=metadata("wildcard"), rules=ALL_OF_IT, opts=options)
core.v1.ConfigMap(
    "password",
    metadata=metadata("password"),
    data={"client.properties": "user=a\npassword=correct-horse-battery\n"},
    opts=options,
)
core.v1.PersistentVolumeClaim("endless", metadata=metadata("endless"), spec=NO_CLASS, opts=options)
generated = random.RandomPassword("generated", length=20)
core.v1.ConfigMap(
    "unknown",
    metadata=metadata("unknown"),
    data={"client.properties": pulumi.Output.concat("password=", generated.result)},
    opts=options,
)
