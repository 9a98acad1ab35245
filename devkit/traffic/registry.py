"""The few calls to a Schema Registry."""

import json
from dataclasses import dataclass
from typing import Any

import requests

from devkit.errors import DevkitError
from devkit.patience import wait_until
from devkit.traffic.access import Web
from devkit.traffic.topic import Topic

TYPE = "application/vnd.schemaregistry.v1+json"
TIMEOUT = 10
"""Seconds for one answer."""
PATIENCE = 60.0
"""Seconds to try while the registry restarts or has no leader yet."""


@dataclass
class Registry:
    """A registry with Confluent's API."""

    web: Web
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        """Ignore proxies: the URL says where to go."""
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = self.web.verify
        self._session.auth = self.web.credentials
        self._session.headers["Content-Type"] = TYPE

    def register(self, topic: Topic) -> int:
        """Register the schema of a topic, where it is not yet; its id."""
        path = f"/subjects/{topic.subject}/versions"
        answer = self._request("POST", path, {"schema": json.dumps(topic.schema)})
        if not answer.ok:
            raise DevkitError(f"the registry refuses the schema of {topic.name}: {answer.text}")
        return int(answer.json()["id"])

    def schema(self, schema: int) -> Any:
        """The schema of this id, parsed; None when there is none."""
        answer = self._request("GET", f"/schemas/ids/{schema}")
        if answer.status_code == requests.codes.not_found:
            return None
        if not answer.ok:
            raise DevkitError(f"the registry does not give schema {schema}: {answer.text}")
        return json.loads(answer.json()["schema"])

    def _request(self, method: str, path: str, body: Any = None) -> requests.Response:
        """Ask until there is an answer that is not about the server's own trouble."""
        answers: list[requests.Response] = []
        trouble = ""

        def answered() -> bool:
            nonlocal trouble
            try:
                answer = self._session.request(
                    method, self.web.url.rstrip("/") + path, json=body, timeout=TIMEOUT
                )
            except requests.RequestException as error:
                trouble = str(error)
                return False
            trouble = answer.text
            if answer.status_code < requests.codes.server_error:
                answers.append(answer)
            return bool(answers)

        if not wait_until(answered, self.patience, interval=0.5):
            raise DevkitError(
                f"the registry at {self.web.url} does not answer: {trouble}",
                "check --registry and that it runs",
            )
        return answers[0]
