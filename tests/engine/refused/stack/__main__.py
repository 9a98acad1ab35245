"""Objects that are right by themselves, and wrong together."""

from typing import Any

import pulumi
from pulumi_kubernetes import Provider, batch, core, networking, policy

PLACE = "efd-refused"
LABELS: Any = {
    f"app.kubernetes.io/{key}": "refused"
    for key in ("name", "instance", "component", "part-of", "managed-by")
}
DOOR: Any = {"type": "NodePort", "selector": LABELS, "ports": [{"name": "http", "port": 80}]}
STORE: Any = {
    "accessModes": ["ReadWriteOnce"],
    "storageClassName": "standard",
    "resources": {"requests": {"storage": "1Gi"}},
}
GENEROUS: Any = {"selector": {"matchLabels": {"of": "nobody"}}, "maxUnavailable": 2}
NARROW: Any = {"podSelector": {"matchLabels": LABELS}, "policyTypes": ["Ingress"]}
CONTAINER: Any = {
    "name": "a",
    "image": "b:1.0",
    "resources": {
        "requests": {"cpu": "100m", "memory": "64Mi"},
        "limits": {"cpu": "1", "memory": "64Mi"},
    },
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    },
}
STRANGER: Any = {
    "activeDeadlineSeconds": 60,
    "template": {
        "metadata": {"labels": LABELS},
        "spec": {
            "restartPolicy": "Never",
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": {
                "runAsUser": 1000,
                "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [CONTAINER],
        },
    },
}
provider = Provider("cluster", context="passing")
options = pulumi.ResourceOptions(provider=provider)
kept = pulumi.ResourceOptions(provider=provider, protect=True)


def metadata(name: str) -> Any:
    """Return the metadata of an object."""
    return {"name": name, "namespace": PLACE, "labels": LABELS}


core.v1.Namespace("place", metadata={"name": PLACE, "labels": LABELS}, opts=options)
core.v1.Service("door", metadata=metadata("door"), spec=DOOR, opts=options)
core.v1.Secret(
    "key", metadata=metadata("key"), string_data={"key": "correct-horse-battery"}, opts=options
)
core.v1.ConfigMap(
    "note",
    metadata=metadata("note"),
    data={"note.txt": "remember the correct-horse-battery"},
    opts=options,
)
core.v1.PersistentVolumeClaim("kept", metadata=metadata("kept"), spec=STORE, opts=kept)
core.v1.PersistentVolumeClaim("lost", metadata=metadata("lost"), spec=STORE, opts=options)
policy.v1.PodDisruptionBudget(
    "generous", metadata=metadata("generous"), spec=GENEROUS, opts=options
)
networking.v1.NetworkPolicy("narrow", metadata=metadata("narrow"), spec=NARROW, opts=options)
batch.v1.Job("stranger", metadata=metadata("stranger"), spec=STRANGER, opts=options)
