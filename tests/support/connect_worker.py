"""A real Connect worker on loopback, with the settings that the program writes."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from efd_infra.config.connect import ConnectSection
from efd_infra.config.values import Quantity
from efd_infra.manifests.connect import SECRETS_DIR, worker_properties
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.service_users import CONNECT
from tests.support.kafka_server import Java, wait, write_login
from tests.support.loopback import free_port

FILE_SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector"
"""Kafka's own sink, which writes records to a file."""


_PASSING = (404, 409, 503)
"""Answers for what is not there, or not now."""


@dataclass(frozen=True)
class Worker:
    """The REST interface of a worker, and what it says."""

    url: str
    log: Path
    secrets: Path
    """What its config provider may read."""

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Return what is answered; None where there is nothing, or nobody yet."""
        request = Request(  # noqa: S310 -- loopback
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310 -- loopback
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            with error:
                said = error.read().decode()
            # Some requests are answered so with 409, others with 500 (Kafka 4.3.1).
            if error.code not in _PASSING and "rebalance is expected" not in said:
                raise AssertionError(f"{method} {path}: {said}") from None
            return None
        except (URLError, ConnectionError):
            return None

    def states(self, connector: str) -> list[str]:
        """Return the states of a connector and its tasks; none where there is none."""
        status = self.ask("GET", f"/connectors/{connector}/status")
        parts = [status["connector"], *status["tasks"]] if status else []
        return [part["state"] for part in parts]


@contextmanager
def worker(
    java: Java, bootstrap: str, max_message: Quantity, plugins: Path | None = None
) -> Iterator[Worker]:
    """Run one worker that reads JSON; the converter of the observatory is no package."""
    text = worker_properties(
        ConnectSection(),
        bootstrap=bootstrap,
        replication_factor=1,
        max_message=max_message,
    )
    secrets = java.folder / "secrets"
    secrets.mkdir()
    login = write_login(java.folder / "login", CONNECT)
    text = text.replace(SECRETS_DIR, str(secrets)).replace(LOGIN_DIR, str(login))
    url = f"http://127.0.0.1:{free_port()}"
    settings: dict[str, str | int] = {
        **{key: value for key, _, value in (line.partition("=") for line in text.splitlines())},
        "listeners": url,
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.json.JsonConverter",
        "value.converter.schemas.enable": "false",
        "offset.storage.partitions": 1,
        "status.storage.partitions": 1,
        **({"plugin.path": str(plugins)} if plugins else {}),
    }
    with java.running("org.apache.kafka.connect.cli.ConnectDistributed", settings) as log:
        here = Worker(url, log, secrets)
        wait(lambda: here.ask("GET", "/connectors") is not None, "a worker")
        yield here
