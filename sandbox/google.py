"""Google Cloud, as far as a sandbox needs it: some of its REST interfaces."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from efd_infra.config.cloud import NAME_LABEL
from sandbox.cloud import Found
from sandbox.errors import UnaskedError
from sandbox.google_names import records
from sandbox.google_parts import Parts, account_place, named

Answer = dict[str, Any]

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_PER_PAGE = 500
"""The most that the interface gives at once."""

_KINDS = {"forwardingRules": "forwarding rule", "disks": "disk", "addresses": "address"}
"""In the order in which they can go: a rule holds its address."""

_GONE = requests.codes.not_found


@dataclass(frozen=True)
class GoogleCloud:
    """One project. What keeps failing, and what takes too long, is an ``UnaskedError``."""

    project: str
    session: requests.Session
    container: str = "https://container.googleapis.com/v1"
    compute: str = "https://compute.googleapis.com/compute/v1"
    dns: str = "https://dns.googleapis.com/dns/v1"
    iam: str = "https://iam.googleapis.com/v1"
    timeout: float = 30.0
    """Seconds for one answer."""
    attempts: int = 4
    """How often one question is asked while the answer is that the cloud is busy or ill."""
    pause: float = 1.0
    """Seconds before the second attempt; each further one waits twice as long."""
    patience: float = 1200.0
    """Seconds for something to go: a cluster takes minutes."""
    interval: float = field(default=5.0)
    """Seconds between two looks at something that goes."""

    def clusters(self) -> Sequence[Found]:
        """Return every cluster of the project."""
        where = f"{self.container}/projects/{self.project}/locations/-/clusters"
        answer = self._asked("GET", where)
        if missing := answer.get("missingZones"):
            raise UnaskedError(f"Google did not answer for {', '.join(missing)} → try again later")
        return [
            Found(
                kind="cluster",
                name=cluster["name"],
                place=f"{self.container}/projects/{self.project}/locations/{cluster['location']}"
                f"/clusters/{cluster['name']}",
                labels=cluster.get("resourceLabels") or {},
            )
            for cluster in answer.get("clusters") or []
        ]

    def leftovers(self, site: str | None = None) -> Sequence[Found]:
        """Return what is labelled as a site's, and the rules that lead to a labelled address."""
        label = f"labels.{NAME_LABEL}"
        wanted = f"{label}={site}" if site else f"{label}:*"
        found = {kind: list(self._listed(kind, wanted)) for kind in ("disks", "addresses")}
        numbers = {item["address"]: item for item in found["addresses"] if "address" in item}
        # Kubernetes gives its rules no labels; but they lead to addresses that have some.
        found["forwardingRules"] = [
            {**item, "labels": numbers[item["IPAddress"]].get("labels")}
            for item in self._listed("forwardingRules", None)
            if item.get("IPAddress") in numbers
        ]
        listed = [
            Found(
                kind=kind,
                name=item["name"],
                place=self._place(item["selfLink"]),
                labels=item.get("labels") or {},
            )
            for key, kind in _KINDS.items()
            for item in found[key]
        ]
        return [*self._names(numbers), *listed]

    def _names(self, numbers: Mapping[str, Answer]) -> Iterator[Found]:
        """Yield the names that lead to labelled addresses: without these nobody knows them."""
        if not numbers:
            return
        where = f"{self.dns}/projects/{self.project}"
        for name in records(where, lambda place: self._pages(place, {}), numbers):
            labels = numbers[name.addresses[0]].get("labels") or {}
            yield Found(kind="DNS record", name=name.host, place=name.place, labels=labels)

    def unlabelled(self, cluster: str) -> Sequence[Found]:
        """Return what is called like a cluster, and takes no labels."""
        parts = Parts(self._listed, self._global, self._account)
        return [
            Found(
                kind=kind,
                name=named(kind, item),
                place=account_place(self.iam, self.project, cluster)
                if kind == "account"
                else self._place(item["selfLink"]),
            )
            for kind, item in parts.of(cluster)
        ]

    def _global(self, kind: str) -> Iterator[Answer]:
        where = f"{self.compute}/projects/{self.project}/global/{kind}"
        for answer in self._pages(where, {"maxResults": str(_PER_PAGE)}):
            yield from answer.get("items") or []

    def _account(self, name: str) -> Answer | None:
        place = account_place(self.iam, self.project, name)
        return self._asked("GET", place, gone_is_fine=True) or None

    def delete(self, found: Found) -> None:
        """Remove it, and wait until it is gone."""
        answer = self._asked("DELETE", found.place, gone_is_fine=True)
        if not answer:
            return
        end = time.monotonic() + self.patience
        operation = self._operation(found, answer)
        while answer.get("status") != "DONE":
            if time.monotonic() > end:
                raise UnaskedError(f"{found.kind} {found.name} does not go → try again later")
            time.sleep(self.interval)
            answer = self._asked("GET", operation, gone_is_fine=True)
            if not answer:  # an operation long over
                return
        if error := answer.get("error"):
            raise UnaskedError(f"{found.kind} {found.name} does not go: {_reason(error)}")

    def _operation(self, found: Found, answer: Answer) -> str:
        if found.kind == "cluster":
            return f"{found.place.rpartition('/clusters/')[0]}/operations/{answer['name']}"
        return self._place(answer["selfLink"])

    def _place(self, link: str) -> str:
        """Return a link of the interface for the address at which it is asked."""
        return f"{self.compute}/projects/{link.partition('/projects/')[2]}"

    def _listed(self, kind: str, wanted: str | None) -> Iterator[Answer]:
        """Yield all resources of a kind, in every zone and region, page by page."""
        where = f"{self.compute}/projects/{self.project}/aggregated/{kind}"
        query = {"maxResults": str(_PER_PAGE), **({"filter": wanted} if wanted else {})}
        for answer in self._pages(where, query):
            if parts := answer.get("unreachables"):
                raise UnaskedError(
                    f"Google did not answer for {', '.join(parts)} → try again later"
                )
            for scope, items in (answer.get("items") or {}).items():
                warning = items.get("warning") or {}
                if warning.get("code") not in (None, "NO_RESULTS_ON_PAGE"):
                    raise UnaskedError(
                        f"Google did not list all of {kind} in {scope}: {warning['code']}"
                    )
                yield from items.get(kind) or []

    def _pages(self, where: str, query: Mapping[str, str]) -> Iterator[Answer]:
        asked = dict(query)
        while True:
            answer = self._asked("GET", where, asked)
            yield answer
            if not answer.get("nextPageToken"):
                return
            asked["pageToken"] = answer["nextPageToken"]

    def _asked(
        self,
        method: str,
        where: str,
        query: Mapping[str, str] | None = None,
        *,
        gone_is_fine: bool = False,
    ) -> Answer:
        """Return the answer; empty where what is asked for is gone and that is fine."""
        said = "never asked"
        for attempt in range(self.attempts):
            if attempt:
                time.sleep(self.pause * 2 ** (attempt - 1))
            try:
                answer = self.session.request(method, where, params=query, timeout=self.timeout)
                body: Answer = answer.json() if answer.content else {}
            except (requests.RequestException, ValueError) as error:
                said = f"no answer ({type(error).__name__})"
                continue
            if answer.status_code == _GONE and gone_is_fine:
                return {}
            if answer.ok:
                return body
            said = f"{answer.status_code}, {_reason(body.get('error', {}))}"
            if answer.status_code not in (429, 500, 502, 503, 504):
                break
        raise UnaskedError(f"{method} {where}: {said}")


def logged_in(project: str) -> GoogleCloud:
    """Return the project for whoever is logged in: a person, or a job by its federated identity.

    Raises
    ------
    UnaskedError
        When nobody is.
    """
    # Only sandboxes in the cloud need it, and not even the others' machines.
    import google.auth  # noqa: PLC0415
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415
    from google.auth.transport.requests import AuthorizedSession  # noqa: PLC0415

    try:
        credentials, _ = google.auth.default(scopes=[_SCOPE])
    except GoogleAuthError as error:
        raise UnaskedError(f"{error} → gcloud auth application-default login") from None
    session: requests.Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
    return GoogleCloud(project, session)


def _reason(error: Any) -> str:
    """Return Google's own words, of either of its two forms."""
    if not isinstance(error, dict):
        return str(error)
    errors = error.get("errors") or [{}]
    return str(error.get("message") or errors[0].get("message") or error)
