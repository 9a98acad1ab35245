"""One site on a real node, as the tests work with it: inside and from outside."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from devkit.node.real_site import RealSite
from devkit.node.vault import OutsideSecret
from devkit.patience import wait_until
from devkit.traffic.access import Kafka, Web
from devkit.traffic.influx import Influx
from devkit.traffic.ledger import Ledger
from devkit.traffic.registry import Registry
from devkit.workspace import Workspace
from efd_infra.config import contract
from tests.engine.deployment import Deployment

STREAMING = "cp-helm-charts"
BROKER = "cp-helm-charts-cp-kafka"
JMX = 5556


@dataclass(frozen=True)
class JobRun:
    """How a Job ended."""

    succeeded: bool
    said: str
    """By its last pod."""


@dataclass(frozen=True)
class Stand:
    """A site and the clients that reach it."""

    site: RealSite
    deployment: Deployment

    @classmethod
    def of(cls, workspace: Workspace, name: str) -> "Stand":
        """Name a site's stand; nothing is started."""
        site = RealSite(name, workspace)
        return cls(site, Deployment(site.stack))

    # ------------------------------------------------------------------ clients

    @property
    def bootstrap(self) -> str:
        """Where clients from outside begin."""
        return str(self.site.outputs()["kafkaExternalBootstrap"])

    def outside(self, user: str) -> Kafka:
        """One of the site's users, outside the cluster's network."""
        password = self.site.outputs()["kafkaUsers"][user]["password"]
        return Kafka(self.bootstrap, user, password, self.site.authority)

    def as_user(self, user: str) -> Kafka:
        """Any user outside, also one of the site's own services: the Secret says the password."""
        password = self._login(STREAMING, f"kafka-user-{user}")["password"]
        return Kafka(self.bootstrap, user, password, self.site.authority)

    def _login(self, namespace: str, credential: str) -> dict[str, str]:
        secrets = self.site.get(f"/api/v1/namespaces/{namespace}/secrets")["items"]
        (data,) = [
            secret["data"]
            for secret in secrets
            if secret["metadata"].get("labels", {}).get("app.kubernetes.io/instance") == credential
        ]
        return {key: base64.b64decode(value).decode() for key, value in data.items()}

    @property
    def registry(self) -> Registry:
        """The Schema Registry, at its Service: no ingress controller runs here."""
        host = self.site.address(STREAMING, "cp-helm-charts-cp-schema-registry")
        return Registry(Web(f"http://{host}:8081"))

    @property
    def aggregated_registry(self) -> Registry:
        """The registry of statistics, at its Service."""
        service = contract.AGGREGATED_SCHEMA_REGISTRY
        host = self.site.address(service.namespace, service.name)
        return Registry(Web(f"http://{host}:{service.port}"))

    @property
    def influx(self) -> Influx:
        """InfluxDB, at its Service, as the EFD client's user."""
        facts = next(iter(self.site.outputs()["efdClient"].values()))
        return self._influx(facts["username"], facts["password"], "efd")

    def influx_as_admin(self, database: str) -> Influx:
        """A database of InfluxDB, for whoever may read all of them."""
        login = self._login("influxdb", "influxdb-admin")
        return self._influx(login["username"], login["password"], database)

    def _influx(self, user: str, password: str, database: str) -> Influx:
        host = self.site.address("influxdb", "influxdb")
        return Influx(Web(f"http://{host}:8086", user, password), database)

    @property
    def ledgers(self) -> Path:
        """Where the producers' ledgers are."""
        return self.site.workspace.home / "ledgers"

    def ledger(self, *names: str) -> Ledger:
        """What the brokers acknowledged in several runs together."""
        ledger = Ledger(self.ledgers / f"{name}.ledger" for name in names)
        ledger.refresh()
        return ledger

    def mirror_login(self) -> OutsideSecret:
        """What this site gives to the site that mirrors it."""
        user = self.site.outputs()["kafkaUsers"]["ldf"]
        values = {
            "username": user["username"],
            "password": user["password"],
            "ca.crt": self.site.authority.read_text(),
        }
        return OutsideSecret("mirror-maker", "summit-mirror", values)

    # ------------------------------------------------------------------ the cluster

    def kubectl(self, *arguments: str) -> str:
        """Run kubectl; what it prints."""
        return self.deployment.kubectl(*arguments)

    def run_now(self, namespace: str, timed: str, name: str) -> JobRun:
        """Run now, as ``name``, what a CronJob runs by the clock, until it ends in either way."""
        where = f"--namespace={namespace}"
        self.kubectl("create", "job", name, f"--from=cronjob/{timed}", where)

        def ended() -> set[str]:
            job = self.site.get(f"/apis/batch/v1/namespaces/{namespace}/jobs/{name}")
            conditions = job["status"].get("conditions", [])
            return {c["type"] for c in conditions if c["status"] == "True"}

        assert wait_until(lambda: bool(ended() & {"Complete", "Failed"}), 300, 0.5), name
        return JobRun("Complete" in ended(), self.kubectl("logs", f"job/{name}", where))

    def pods(self, namespace: str) -> list[dict[str, Any]]:
        """Every pod of a namespace."""
        items: list[dict[str, Any]] = self.site.get(f"/api/v1/namespaces/{namespace}/pods")["items"]
        return items

    def everywhere(self) -> list[dict[str, Any]]:
        """Every pod of the site."""
        items: list[dict[str, Any]] = self.site.get("/api/v1/pods")["items"]
        return items

    def brokers(self) -> dict[str, dict[str, Any]]:
        """The brokers' pods by name."""
        named = {pod["metadata"]["name"]: pod for pod in self.pods(STREAMING)}
        return {name: pod for name, pod in sorted(named.items()) if name[: -len("-0")] == BROKER}

    def metric(self, pod: dict[str, Any], name: str) -> float | None:
        """One figure that a pod publishes; None while it does not answer."""
        try:
            address = pod["status"]["podIP"]
            text = requests.get(f"http://{address}:{JMX}/metrics", timeout=5).text
        except (requests.RequestException, KeyError):
            return None
        lines = [line for line in text.splitlines() if line.split("{")[0].split(" ")[0] == name]
        return sum(float(line.rpartition(" ")[2]) for line in lines) if lines else None

    def kill(self, namespace: str, pod: str) -> None:
        """End a pod without letting it finish, as when its node loses power."""
        self.kubectl(
            "delete", "pod", pod, f"--namespace={namespace}", "--grace-period=0", "--force"
        )

    @contextmanager
    def away(self, namespace: str, pod: str) -> Iterator[None]:
        """Stop a pod and let it not come back for as long as the body runs."""
        node = ("node", self.site.name)
        self.kubectl("cordon", node[1])
        self.kubectl("delete", "pod", pod, f"--namespace={namespace}")
        try:
            yield
        finally:
            self.kubectl("uncordon", node[1])

    def wait_ready(self, namespace: str, limit: float = 300) -> None:
        """Wait until every pod of a namespace that is to run is ready."""
        assert wait_until(lambda: all(map(is_ready, self.pods(namespace))), limit, 0.5), (
            self.kubectl("get", "pods", f"--namespace={namespace}")
        )

    # ------------------------------------------------------------------ what was said

    def logs(self) -> Iterator[tuple[str, str]]:
        """What each container of the site has printed, by namespace, pod and container."""
        for pod in self.everywhere():
            place, spec = pod["metadata"], pod["spec"]
            path = f"/api/v1/namespaces/{place['namespace']}/pods/{place['name']}"
            for container in [*spec.get("initContainers", []), *spec["containers"]]:
                where = f"{place['namespace']}/{place['name']}/{container['name']}"
                arguments = [f"--namespace={place['namespace']}", "-c", container["name"]]
                try:
                    yield where, self.kubectl("logs", place["name"], *arguments)
                except AssertionError:
                    if is_staying(pod) and self.site.api.get(path):
                        raise

    def collect_logs(self) -> None:
        """Keep what the containers have printed beside the report."""
        folder = self.site.workspace.home / "logs" / self.site.name
        for where, text in self.logs():
            path = folder / f"{where.replace('/', '.')}.log"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def is_of_a_job(pod: dict[str, Any]) -> bool:
    """Whether it comes and goes: the clock starts some of them while a check runs."""
    owners = pod["metadata"].get("ownerReferences", [])
    return any(owner["kind"] == "Job" for owner in owners)


def is_staying(pod: dict[str, Any]) -> bool:
    """Whether it runs, and does so until somebody changes the site."""
    going = "deletionTimestamp" in pod["metadata"] or is_of_a_job(pod)
    return pod["status"].get("phase") == "Running" and not going


def is_ready(pod: dict[str, Any]) -> bool:
    if is_of_a_job(pod) and pod["status"].get("phase") in {"Succeeded", "Failed"}:
        return True  # whether the Job as a whole did its work is another question
    conditions = pod["status"].get("conditions", [])
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
