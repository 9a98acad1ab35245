"""Claims on the node's own disk, by the provisioner that the observatory's sites use."""

import json
from pathlib import Path
from typing import Any

import yaml

PROVISIONER = "rancher.io/local-path"
"""It makes a folder for each claim. It enforces no size, and cannot grow a claim."""

NAMESPACE = "local-path-storage"

SCRIPTS = {
    # Open to every user: pods run as users of their own.
    "setup": '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
    "teardown": '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
}
_CONFIG_MAP = "local-path-config"


def write(folder: Path, image: str) -> None:
    """Write the provisioner's settings; `image` is one with a shell."""
    paths = [{"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": [str(folder / "claims")]}]
    (folder / "storage.json").write_text(json.dumps({"nodePathMap": paths}))
    container = {"name": "helper", "image": image, "imagePullPolicy": "Never"}
    user = {"runAsUser": 0}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "helper"},
        "spec": {"containers": [{**container, "securityContext": user}]},
    }
    (folder / "helper.yaml").write_text(yaml.safe_dump(pod))


def argv(program: Path, folder: Path, kubeconfig: Path, image: str) -> list[str]:
    """Command line of the provisioner."""
    return [
        str(program),
        "start",
        f"--config={folder / 'storage.json'}",
        f"--helper-pod-file={folder / 'helper.yaml'}",
        f"--helper-image={image}",
        f"--kubeconfig={kubeconfig}",
        f"--namespace={NAMESPACE}",
        f"--configmap-name={_CONFIG_MAP}",
        "--service-account-name=default",
    ]


def objects() -> list[dict[str, Any]]:
    """What the provisioner's helper pods need in the cluster."""
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": _CONFIG_MAP, "namespace": NAMESPACE},
            "data": SCRIPTS,
        },
    ]
