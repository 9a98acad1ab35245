"""Objects that are right by themselves, and wrong together."""

from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

PLACE = "efd-refused"
LABELS = {
    f"app.kubernetes.io/{key}": "refused"
    for key in ("name", "instance", "component", "part-of", "managed-by")
}
provider = kubernetes.Provider("cluster", context="passing")


def options(*, protect: bool = False) -> pulumi.ResourceOptions:
    """Return the options of an object."""
    return pulumi.ResourceOptions(provider=provider, protect=protect)


def metadata(name: str) -> dict[str, Any]:
    """Return the metadata of an object."""
    return {"name": name, "namespace": PLACE, "labels": LABELS}


space = kubernetes.core.v1.Namespace(
    "place", metadata={"name": PLACE, "labels": LABELS}, opts=options()
)
kubernetes.core.v1.Service(
    "door",
    metadata=metadata("door"),
    spec={"type": "NodePort", "selector": LABELS, "ports": [{"name": "http", "port": 80}]},
    opts=options(),
)
kubernetes.core.v1.Secret(
    "key",
    metadata=metadata("key"),
    string_data={"key": "correct-horse-battery"},
    opts=options(),
)
kubernetes.core.v1.ConfigMap(
    "note",
    metadata=metadata("note"),
    data={"note.txt": "remember the correct-horse-battery"},
    opts=options(),
)
for name in ("kept", "lost"):
    kubernetes.core.v1.PersistentVolumeClaim(
        name,
        metadata=metadata(name),
        spec={
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "standard",
            "resources": {"requests": {"storage": "1Gi"}},
        },
        opts=options(protect=name == "kept"),
    )
kubernetes.policy.v1.PodDisruptionBudget(
    "generous",
    metadata=metadata("generous"),
    spec={"selector": {"matchLabels": {"of": "nobody"}}, "maxUnavailable": 2},
    opts=options(),
)
kubernetes.networking.v1.NetworkPolicy(
    "narrow",
    metadata=metadata("narrow"),
    spec={"podSelector": {"matchLabels": LABELS}, "policyTypes": ["Ingress"], "ingress": []},
    opts=options(),
)
kubernetes.batch.v1.Job(
    "stranger",
    metadata=metadata("stranger"),
    spec={
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
                "containers": [
                    {
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
                ],
            },
        },
    },
    opts=options(),
)
