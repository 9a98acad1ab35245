"""The few calls this package makes to a cluster's API server itself."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from devkit.errors import DevkitError

Object = dict[str, Any]

COLLECTIONS = {
    "Node": "/api/v1/nodes",
    "StorageClass": "/apis/storage.k8s.io/v1/storageclasses",
    "IngressClass": "/apis/networking.k8s.io/v1/ingressclasses",
    "CustomResourceDefinition": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
}

CONFLICT = 409


@dataclass
class Api:
    """A client with the administrator's certificate."""

    server: str
    certificates: Path
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        """Take keys from `certificates` and ignore proxies: the server is on loopback."""
        self.session.trust_env = False
        self.session.verify = str(self.certificates / "ca.crt")
        self.session.cert = (
            str(self.certificates / "admin.crt"),
            str(self.certificates / "admin.key"),
        )

    def is_ready(self) -> bool:
        """Whether the server answers and finds itself in order."""
        try:
            return self.session.get(f"{self.server}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def get(self, path: str) -> Object | None:
        """One object or list; None when there is none."""
        answer = self.session.get(self.server + path, timeout=10)
        if answer.status_code == requests.codes.not_found:
            return None
        return self._checked(answer)

    def create(self, wanted: Object) -> bool:
        """Create an object; False when one of that name is there, which is then left as it is."""
        answer = self.session.post(
            self.server + COLLECTIONS[wanted["kind"]], json=wanted, timeout=10
        )
        if answer.status_code == CONFLICT:
            return False
        self._checked(answer)
        return True

    def merge(self, wanted: Object) -> None:
        """Bring the labels and other given fields of an existing object to the given values."""
        self._checked(
            self.session.patch(
                f"{self.server}{COLLECTIONS[wanted['kind']]}/{wanted['metadata']['name']}",
                json=wanted,
                headers={"Content-Type": "application/merge-patch+json"},
                timeout=10,
            )
        )

    def delete(self, kind: str, name: str) -> None:
        """Delete one object."""
        self._checked(self.session.delete(f"{self.server}{COLLECTIONS[kind]}/{name}", timeout=10))

    @staticmethod
    def _checked(answer: requests.Response) -> Object:
        body: Object = answer.json()
        if not answer.ok:
            raise DevkitError(
                f"the embedded cluster refused a request: {body.get('message', body)}"
            )
        return body
