"""Everything that a cluster holds, as its API server tells it."""

from collections.abc import Iterator
from typing import Any

from devkit.api import Api, Object

RESTLESS = {"ComponentStatus", "Event", "Lease", "Node"}
"""Kinds that change by themselves while a cluster idles."""

BOOKKEEPING = {"managedFields", "resourceVersion"}
"""Metadata that a report changes too: a set reports its pods available after a while."""

MANAGED = {"app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/part-of": "efd"}
"""Labels of every object of a site."""

Inventory = dict[str, Object]
"""Objects by kind, namespace and name."""


def everything(api: Api) -> Inventory:
    """Return every object of every kind that can be listed."""
    found: Inventory = {}
    for path, kind in _collections(api):
        for item in (api.get(path) or {}).get("items", []):
            found[key(kind, item["metadata"])] = item
    return found


def key(kind: str, metadata: dict[str, Any]) -> str:
    """Return what an object is called here."""
    return f"{kind} {metadata.get('namespace', '')}/{metadata['name']}"


def versions(objects: Inventory) -> Inventory:
    """Return what tells whether somebody touched an object: all of it but what it reports."""
    return {name: _asked_for(o) for name, o in objects.items() if name.split()[0] not in RESTLESS}


def _asked_for(each: Object) -> Object:
    metadata = {k: v for k, v in each["metadata"].items() if k not in BOOKKEEPING}
    return {**each, "metadata": metadata, "status": None}


def of_a_site(objects: Inventory) -> Inventory:
    """Return the objects that a site's program made, without those derived from them."""
    return {
        name: each
        for name, each in objects.items()
        if each["metadata"].get("labels", {}).items() >= MANAGED.items()
        # Derived objects have the labels too, and an owner, which only Endpoints do not name.
        and not each["metadata"].get("ownerReferences")
        and not name.startswith("Endpoints ")
    }


def pods(objects: Inventory) -> dict[str, set[str]]:
    """Return the identities of the pods that are to stay, by workload."""
    found: dict[str, set[str]] = {}
    for name, pod in objects.items():
        if name.startswith("Pod ") and "deletionTimestamp" not in pod["metadata"]:
            workload = pod["metadata"]["labels"]["app.kubernetes.io/instance"]
            found.setdefault(workload, set()).add(pod["metadata"]["uid"])
    return found


def unready(objects: Inventory) -> Inventory:
    """Return the Deployments and StatefulSets of which not every replica is ready."""
    return {
        name: each
        for name, each in objects.items()
        if name.startswith(("Deployment ", "StatefulSet "))
        and each["status"].get("readyReplicas") != each["spec"]["replicas"]
    }


def difference(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the keys that are new, gone or have another value."""
    return {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}


def _collections(api: Api) -> Iterator[tuple[str, str]]:
    groups = (api.get("/apis") or {})["groups"]
    served = ["/api/v1", *(f"/apis/{g['preferredVersion']['groupVersion']}" for g in groups)]
    for version in served:
        for resource in (api.get(version) or {})["resources"]:
            # Events have two addresses, of which the older one is enough.
            if "list" in resource["verbs"] and version != "/apis/events.k8s.io/v1":
                yield f"{version}/{resource['name']}", resource["kind"]
