"""Secrets that come from outside: filled in as soon as their namespace is there.

At an observatory's site a vault operator does this. The program names such Secrets and waits for
none; the pods that mount one do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

from devkit.api import Api
from devkit.background import Background
from devkit.errors import DevkitError

INTERVAL = 0.5
"""Seconds between two looks; a pod that misses its Secret asks again after one."""


@dataclass(frozen=True)
class OutsideSecret:
    """One Secret and where it belongs."""

    namespace: str
    name: str
    values: Mapping[str, str]


class Vault(Background):
    """While entered, fills the given Secrets into one cluster."""

    def __init__(self, api: Api, secrets: Sequence[OutsideSecret]) -> None:
        super().__init__(self._fill_missing, INTERVAL)
        self._api = api
        self._missing = list(secrets)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop after a last look; a Secret whose namespace never came is left out."""
        super().__exit__(kind, error, trace)
        self._fill_missing()

    def _fill_missing(self) -> None:
        self._missing = [each for each in self._missing if not self._fill(each)]

    def _fill(self, secret: OutsideSecret) -> bool:
        try:
            if self._api.get(f"/api/v1/namespaces/{secret.namespace}") is None:
                return False
            self._api.create(
                {
                    "apiVersion": "v1",
                    "kind": "Secret",
                    "metadata": {"name": secret.name, "namespace": secret.namespace},
                    "stringData": dict(secret.values),
                }
            )
        except DevkitError:  # an API server that starts anew; the next look will tell
            return False
        return True
