"""Which differences make the engine replace a resource, told without asking it.

From the official Kubernetes provider's table (``pulumi/pulumi-kubernetes``:
``provider/pkg/provider/diff.go``); that of this program's stand-in is the same.
"""

import re
from collections.abc import Mapping
from typing import Any

from report.field import differences

_ALWAYS = r"metadata\.(name|namespace)|apiVersion|kind"
_WORKLOAD = r"spec\.selector(\..*)?"
_BY_KIND = {
    "ConfigMap": r"(data|binaryData)\b.*",
    "Secret": r"(data|stringData|type)\b.*",
    "PersistentVolumeClaim": r"spec(?!\.resources).*",
    "Job": r"spec\.(selector|template)\b.*",
    "Deployment": _WORKLOAD,
    "DaemonSet": _WORKLOAD,
    "StatefulSet": (
        rf"{_WORKLOAD}|spec\.(serviceName|volumeClaimTemplates|podManagementPolicy"
        r"|revisionHistoryLimit)\b.*"
    ),
    "Service": r"spec\.clusterIP\b.*",
    "StorageClass": r"(parameters|provisioner)\b.*",
    "RoleBinding": r"roleRef\b.*",
    "ClusterRoleBinding": r"roleRef\b.*",
}


def is_replaced(token: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Tell whether the step from ``old`` to ``new`` inputs needs another object."""
    if token.startswith("random:"):
        return old != new
    pattern = "|".join(filter(None, (_ALWAYS, _BY_KIND.get(str(new.get("kind"))))))
    return any(re.fullmatch(pattern, field.place) for field in differences(old, new))
