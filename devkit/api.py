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
    "Namespace": "/api/v1/namespaces",
    "Pod": "/api/v1/namespaces/{namespace}/pods",
    "ConfigMap": "/api/v1/namespaces/{namespace}/configmaps",
    "Secret": "/api/v1/namespaces/{namespace}/secrets",
    "NetworkPolicy": "/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies",
}

TIMEOUT = 10
"""Seconds for one answer, of which a busy machine takes one or two."""


@dataclass
class Api:
    """A client with the administrator's certificate."""

    server: str
    certificates: Path
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        """Take keys from `certificates` and ignore proxies: the server is on this machine."""
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
        """Fetch one object or list; None when there is none."""
        answer = self._request("GET", path)
        return None if answer.status_code == requests.codes.not_found else self._checked(answer)

    def create(self, wanted: Object) -> bool:
        """Create an object; False when one of that name is there, which is then left as it is."""
        answer = self._request("POST", _collection(wanted), json=wanted)
        if answer.status_code == requests.codes.conflict:
            return False
        self._checked(answer)
        return True

    def merge(self, wanted: Object) -> None:
        """Bring the labels and other given fields of an existing object to the given values."""
        path = f"{_collection(wanted)}/{wanted['metadata']['name']}"
        kind = {"Content-Type": "application/merge-patch+json"}
        self._checked(self._request("PATCH", path, json=wanted, headers=kind))

    def delete(self, kind: str, name: str) -> None:
        """Delete one object."""
        self._checked(self._request("DELETE", f"{COLLECTIONS[kind]}/{name}"))

    def _request(self, method: str, path: str, **options: Any) -> requests.Response:
        try:
            return self.session.request(method, self.server + path, timeout=TIMEOUT, **options)
        except requests.RequestException as error:
            reason = str(error.__cause__ or error)[:200]
            raise DevkitError(
                f"the embedded cluster at {self.server} does not answer: {reason}",
                "`make down` and `make up` start it anew; what it holds is kept",
            ) from None

    @staticmethod
    def _checked(answer: requests.Response) -> Object:
        try:
            body: Object = answer.json()
        except ValueError:
            body = {"message": answer.text[:200]}
            if answer.ok:
                raise DevkitError(f"the embedded cluster answered no JSON: {body}") from None
        if not answer.ok:
            reason = body.get("message", body)
            raise DevkitError(f"the embedded cluster refused a request: {reason}")
        return body


def _collection(wanted: Object) -> str:
    return COLLECTIONS[wanted["kind"]].format(namespace=wanted["metadata"].get("namespace"))
