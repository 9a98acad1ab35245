"""One way, or several, in which each rule is broken, and the words in which it says so."""

from typing import Any

from tests.support.judged import SECRET

_POD = "spec.template.spec"
_SERVER = f"{_POD}.containers.0"

BROKEN: list[tuple[str, str, str, Any, str]] = [
    (
        "pods-restricted",
        "Deployment",
        f"{_SERVER}.securityContext.privileged",
        True,
        "containers[server].securityContext.privileged: given true, allowed false or nothing",
    ),
    (
        "pods-confined",
        "Deployment",
        f"{_POD}.securityContext.runAsUser",
        None,
        "runAsUser: given nothing, allowed the number of an unprivileged user",
    ),
    (
        "pods-confined",
        "Job",
        f"{_POD}.automountServiceAccountToken",
        None,
        "automountServiceAccountToken: given nothing, allowed false",
    ),
    ("pods-confined", "Job", f"{_POD}.enableServiceLinks", True, "given true, allowed false"),
    (
        "pods-confined",
        "Job",
        f"{_POD}.volumes.0.emptyDir",
        {},
        "volumes[scratch].emptyDir.sizeLimit: given nothing, allowed a size",
    ),
    (
        "pods-confined",
        "Job",
        f"{_SERVER}.securityContext.readOnlyRootFilesystem",
        None,
        "readOnlyRootFilesystem: given nothing, allowed true",
    ),
    *(
        ("images-pinned", "Deployment", f"{_SERVER}.image", image, f"image: given {image}, allowed")
        for image in ("server", "host:5000/server", "server:latest", "server:stable-3")
    ),
    (
        "resources-limited",
        "Job",
        f"{_SERVER}.resources.limits.memory",
        None,
        "resources.limits.memory: given nothing, allowed an amount",
    ),
    (
        "resources-limited",
        "Job",
        f"{_SERVER}.resources.limits.cpu",
        "0.4",
        "limits.cpu: given 0.4, allowed at least the request, 500m",
    ),
    (
        "servers-probed",
        "Deployment",
        f"{_SERVER}.startupProbe",
        None,
        "startupProbe: given nothing, allowed a probe",
    ),
    (
        "servers-probed",
        "Deployment",
        f"{_SERVER}.livenessProbe.failureThreshold",
        None,
        "livenessProbe: given the same as readinessProbe, allowed a question of its own",
    ),
    ("jobs-end", "Job", "spec.activeDeadlineSeconds", None, "given nothing, allowed a number of"),
    (
        "objects-labelled",
        "ConfigMap",
        "metadata.labels",
        {"app.kubernetes.io/name": "a"},
        "metadata.labels: given app.kubernetes.io/name, allowed values of app.kubernetes.io/inst",
    ),
    (
        "objects-labelled",
        "Job",
        "spec.template.metadata.labels",
        {},
        "spec.template.metadata.labels: given nothing, allowed",
    ),
    *(
        ("rights-named", "Role", f"rules.0.{field}", ["a", "*"], f"{field}: given a, *, allowed")
        for field in ("verbs", "resources", "apiGroups")
    ),
    (
        "rights-named",
        "RoleBinding",
        "roleRef.name",
        "cluster-admin",
        "roleRef.name: given cluster-admin, allowed a role that names what it allows",
    ),
    (
        "claims-complete",
        "PersistentVolumeClaim",
        "spec.storageClassName",
        None,
        "storageClassName: given nothing, allowed the name of a class",
    ),
    (
        "claims-complete",
        "PersistentVolumeClaim",
        "spec.resources",
        {},
        "spec.resources.requests.storage: given nothing, allowed a size",
    ),
    (
        "claims-complete",
        "PersistentVolumeClaim",
        "spec.accessModes",
        ["ReadWriteMany"],
        "given ReadWriteMany, allowed ReadWriteOnce",
    ),
    *(
        ("secrets-by-reference", "ConfigMap", f"data.{file}", text, words)
        for file, text, words in (
            ("a", "x=1\nssl.key.password = abcdefgh", "a setting of 8 characters in line 2"),
            ("a", '{"user": "a",\n "token": "abcdefgh"}', "a setting of 8 characters in line 2"),
            ("a", 'LoginModule required password="abc";', "a password in a login"),
            ("a", f"-----BEGIN PRIVATE KEY-----\n{'a' * 64}\n", "a private key or an access key"),
            ("password", "abcdefgh", "data.password: given a text of 8 characters"),
        )
    ),
    (
        "secrets-by-reference",
        "Job",
        f"{_SERVER}.env.0.value",
        "abcdefgh",
        "env[PASSWORD].value: given a text of 8 characters, allowed a reference to a Secret",
    ),
    (
        "secrets-by-reference",
        "Job",
        f"{_SERVER}.args",
        ["--key", f"AKIA{'A' * 16}"],
        "args[1]: given a private key or an access key",
    ),
    (
        "secrets-by-reference",
        "Deployment",
        "metadata.annotations",
        {"note": f"https://hooks.slack.com/{'services/T1/B1/abc'}"},
        "metadata.annotations.note: given",
    ),
    (
        "replicas-spread",
        "Deployment",
        f"{_POD}.topologySpreadConstraints",
        None,
        "topologySpreadConstraints: given nothing, allowed one over kubernetes.io/hostname",
    ),
    (
        "replicas-spread",
        "Deployment",
        f"{_POD}.topologySpreadConstraints.0.labelSelector.matchLabels",
        {"of": "others"},
        "allowed one over kubernetes.io/hostname that selects these pods",
    ),
    (
        "doors-declared",
        "Service",
        "spec.ports.0.targetPort",
        8081,
        "spec.ports[0]: given NodePort to port 8081, allowed ClusterIP, or",
    ),
    ("doors-declared", "Service", "spec.selector", {"of": "nobody"}, "given NodePort to port http"),
    ("doors-declared", "Service", "spec.externalIPs", ["192.0.2.1"], "given 192.0.2.1, allowed"),
    (
        "replicas-budgeted",
        "Deployment",
        "spec.replicas",
        1,
        "given 1 with 1 PodDisruptionBudgets, allowed one budget for several pods",
    ),
    (
        "replicas-budgeted",
        "PodDisruptionBudget",
        "spec.selector.matchLabels",
        {"of": "nobody"},
        "given 2 with 0 PodDisruptionBudgets",
    ),
    (
        "replicas-budgeted",
        "PodDisruptionBudget",
        "spec.maxUnavailable",
        None,
        "maxUnavailable: given nothing, allowed 1",
    ),
    (
        "namespaces-closed",
        "NetworkPolicy denial",
        "spec.ingress",
        [{}],
        "Namespace place: given nothing, allowed a network policy",
    ),
    (
        "pods-guarded",
        "NetworkPolicy server",
        "spec.podSelector.matchLabels",
        {"of": "nobody"},
        "labels that no network policy selects for Egress and Ingress",
    ),
    ("pods-guarded", "NetworkPolicy server", "spec.policyTypes", ["Ingress"], "for Egress, all"),
    ("secrets-in-place", "ConfigMap", "data.a", f"it is {SECRET}!", "given the value of a Secret"),
    (
        "secrets-in-place",
        "Secret",
        "metadata.annotations",
        {"note": SECRET},
        "Secret place/secret at metadata.annotations.note",
    ),
]
"""Rule, resource of the small stack, path in it, value there, and words of the violation."""
