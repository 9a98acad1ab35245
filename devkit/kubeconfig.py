"""The kubeconfig of one embedded cluster."""

import base64
from pathlib import Path

import yaml


def write(path: Path, context: str, server: str, certificates: Path) -> None:
    """Write a kubeconfig whose only context is called `context`, readable by its owner only.

    Certificates are embedded, so that the file can be copied or passed as text.
    """

    def embedded(name: str) -> str:
        return base64.b64encode((certificates / name).read_bytes()).decode()

    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": context,
        "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
        "clusters": [
            {
                "name": context,
                "cluster": {"server": server, "certificate-authority-data": embedded("ca.crt")},
            }
        ],
        "users": [
            {
                "name": context,
                "user": {
                    "client-certificate-data": embedded("admin.crt"),
                    "client-key-data": embedded("admin.key"),
                },
            }
        ],
    }
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(yaml.safe_dump(document, sort_keys=False))
    draft.replace(path)
