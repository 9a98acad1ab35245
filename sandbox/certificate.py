"""The certificate of a sandbox's public names, from an authority that it has for itself.

A site's certificate comes from outside; nobody outside knows a sandbox. Whoever dials it must be
given the authority's own certificate, which lies beside the stack's configuration.
"""

import base64
import json
from datetime import timedelta
from pathlib import Path

from devkit import certificates
from devkit.background import Background
from efd_infra.config.published_name import published_names
from efd_infra.config.site import Site
from efd_infra.manifests.labels import PART_OF
from sandbox.errors import SandboxError
from sandbox.ground import Ground
from sandbox.marks import Marks

_INTERVAL = 3.0
"""Seconds between two looks for namespaces: a pod that misses its Secret asks again."""

_LIFE = timedelta(days=30)
"""Longer than any sandbox lives from one bringing up to the next."""


def authority(ground: Ground, marks: Marks, site: Site) -> Path:
    """Make an authority, and a certificate of it for all names of the site, unless they are there.

    Return the folder with ``ca.crt``, ``server.crt`` and ``server.key``. The authority's own key is
    not kept: it signs this one certificate.
    """
    folder = ground.engine.home / "stacks" / marks.stack / "certificate"
    if not (folder / "server.key").exists():
        hosts = sorted({name.host for name in published_names(site)})
        certificates.authority(folder, f"efd {marks.stack}")
        certificates.issue(folder, "server", hosts, common_name=hosts[0][:64], ends=_LIFE)
        (folder / "ca.key").unlink()
    return folder


class CertificateKeeper(Background):
    """While entered, puts the certificate into each namespace of the sandbox as it appears."""

    def __init__(self, ground: Ground, marks: Marks, secret: str, folder: Path) -> None:
        super().__init__(self._look, _INTERVAL)
        self._ground = ground
        self._marks = marks
        self._secret = secret
        self._folder = folder
        self._done: set[str] = set()

    def fill(self) -> None:
        """Put it into the namespaces that are there and do not have it yet."""
        label = f"--selector=app.kubernetes.io/part-of={PART_OF}"
        said = self._ground.kubectl(self._marks, ["get", "namespaces", label, "-o", "name"])
        names = {line.removeprefix("namespace/") for line in said.split()} - self._done
        if names:
            items = [self._object(name) for name in sorted(names)]
            text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
            self._ground.kubectl(self._marks, ["apply", "-f", "-"], text)
            self._done |= names

    def _look(self) -> None:
        try:
            self.fill()
        except SandboxError:  # no cluster yet; the next look will tell
            return

    def _object(self, namespace: str) -> dict[str, object]:
        chain = (self._folder / "server.crt").read_bytes() + (self._folder / "ca.crt").read_bytes()
        data = {"tls.crt": chain, "tls.key": (self._folder / "server.key").read_bytes()}
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "kubernetes.io/tls",
            "metadata": {"name": self._secret, "namespace": namespace},
            "data": {key: base64.b64encode(value).decode() for key, value in data.items()},
        }
