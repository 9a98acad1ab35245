"""The kubeconfig of a cluster that knows its users by their logins at Google."""

import json

_PLUGIN = "gke-gcloud-auth-plugin"


def google_kubeconfig(*, context: str, host: str) -> str:
    """Return a kubeconfig for the cluster whose control plane answers at the name ``host``.

    It holds no key: a program of Google's gives a token that is good for an hour to whoever is
    logged in, a person or, by Workload Identity, a job. The name has a public certificate.
    """
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": _PLUGIN,
        "interactiveMode": "Never",
        "provideClusterInfo": True,
        "installHint": f"gcloud components install {_PLUGIN}",
    }
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": context,
            "clusters": [{"name": context, "cluster": {"server": f"https://{host}"}}],
            "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
            "users": [{"name": context, "user": {"exec": plugin}}],
        },
        indent=1,
    )
