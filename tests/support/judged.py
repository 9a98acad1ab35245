"""A small stack that keeps every rule, for tests that break one at a time."""

import copy
from typing import Any

from rendering.resource import Resource
from tests.support.full_site import at, changed

PLACE = "place"
SECRET = "correct-horse-battery"  # noqa: S105 -- an invented one
LABELS = {
    f"app.kubernetes.io/{key}": "server"
    for key in ("name", "instance", "component", "part-of", "managed-by")
}
_CONTAINER = {
    "name": "server",
    "image": "registry.example.org/server:1.2.3",
    "ports": [{"name": "http", "containerPort": 8080}],
    "env": [
        {"name": "PASSWORD", "value": "${directory:/etc/login:password}"},
        {"name": "TOKEN_DIR", "value": "relative"},
    ],
    "startupProbe": {"httpGet": {"path": "/", "port": "http"}, "failureThreshold": 60},
    "readinessProbe": {"httpGet": {"path": "/", "port": "http"}},
    "livenessProbe": {"httpGet": {"path": "/", "port": "http"}, "failureThreshold": 9},
    "resources": {
        "requests": {"cpu": "500m", "memory": "1Gi"},
        "limits": {"cpu": "1", "memory": "1Gi"},
    },
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    },
}
_POD = {
    "automountServiceAccountToken": False,
    "enableServiceLinks": False,
    "securityContext": {
        "runAsUser": 1000,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "containers": [_CONTAINER],
    "volumes": [{"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}}],
    "topologySpreadConstraints": [
        {
            "topologyKey": "kubernetes.io/hostname",
            "labelSelector": {"matchLabels": LABELS},
            "whenUnsatisfiable": "DoNotSchedule",
            "maxSkew": 1,
        }
    ],
}
_TEMPLATE = {"metadata": {"labels": LABELS}, "spec": _POD}
_BOTH_WAYS = ["Ingress", "Egress"]
_INPUTS: dict[str, dict[str, Any]] = {
    "Namespace": {},
    "NetworkPolicy denial": {"spec": {"podSelector": {}, "policyTypes": _BOTH_WAYS}},
    "NetworkPolicy server": {
        "spec": {
            "podSelector": {"matchLabels": LABELS},
            "policyTypes": _BOTH_WAYS,
            "ingress": [
                {"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 8080}]},
                {"from": [{"podSelector": {}}], "ports": [{"port": 8081}]},
            ],
        }
    },
    "Deployment": {"spec": {"replicas": 2, "template": _TEMPLATE}},
    "PodDisruptionBudget": {
        "spec": {"selector": {"matchLabels": LABELS}, "maxUnavailable": 1},
    },
    "Job": {
        "spec": {
            "activeDeadlineSeconds": 60,
            "template": {
                "metadata": {"labels": LABELS},
                "spec": {key: value for key, value in _POD.items() if "spread" not in key.lower()},
            },
        }
    },
    "Service": {
        "spec": {
            "type": "NodePort",
            "selector": LABELS,
            "ports": [{"port": 80, "targetPort": "http"}],
        }
    },
    "PersistentVolumeClaim": {
        "spec": {
            "storageClassName": "standard",
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        }
    },
    "Role": {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
    "RoleBinding": {"roleRef": {"name": "reader"}},
    "ConfigMap": {
        "data": {
            "client.properties": "user=a\npassword=${directory:/etc/login:password}\n",
            "login.conf": 'Login required username="${a}" password="${b}";',
            "run.py": "password = read('/etc/login/password')\n",
        }
    },
    "Secret": {"stringData": {"username": "server", "password": SECRET}},
}
_PROTECTED = {"Namespace", "PersistentVolumeClaim"}


def stack() -> list[Resource]:
    """Return the stack; a resource is called like its kind, where one is enough."""
    return [
        resource(name, copy.deepcopy(inputs), protect=name in _PROTECTED)
        for name, inputs in _INPUTS.items()
    ]


def resource(name: str, inputs: dict[str, Any], *, protect: bool = False) -> Resource:
    """Return an object whose kind is the first word of its name."""
    kind = name.partition(" ")[0]
    metadata = {"name": name.rpartition(" ")[2].lower(), "labels": LABELS}
    if kind == "Namespace":
        metadata["name"] = PLACE
    else:
        metadata["namespace"] = PLACE
    return Resource(
        urn=f"urn:{name}",
        token=f"kubernetes:any:{kind}",
        name=name,
        inputs={"kind": kind, "metadata": metadata, **inputs},
        protect=protect,
    )


def broken(name: str, path: str, value: Any) -> list[Resource]:
    """Return the stack with one value of one resource changed, or without it where it is None."""
    return [
        resource(each.name, _changed(each.inputs, path, value), protect=each.protect)
        if each.name == name
        else each
        for each in stack()
    ]


def without(name: str) -> list[Resource]:
    """Return the stack without one of its resources."""
    return [each for each in stack() if each.name != name]


def _changed(inputs: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    new = changed(inputs, path, value)
    if value is None:
        above, _, key = path.rpartition(".")
        del at(new, above)[key]
    return new
