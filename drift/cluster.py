"""The cluster of a site, through `kubectl`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drift.program import printed


@dataclass(frozen=True)
class Cluster:
    """One context of whoever asks."""

    context: str

    def live(self, stubs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return objects as they are, with who holds their fields; those that are gone left out.

        Raises
        ------
        UnaskedError
            When the cluster does not answer, or not to whoever asks.
        """
        listed = {"apiVersion": "v1", "kind": "List", "items": list(stubs)}
        shown = ("--ignore-not-found", "--show-managed-fields", "-o", "json")
        said = self._kubectl("get", "-f", "-", *shown, given=json.dumps(listed))
        answer: dict[str, Any] = json.loads(said) if said.strip() else {"items": []}
        items: list[dict[str, Any]] = answer.get("items", [answer])
        return items

    def hold(self, live: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]) -> None:
        """Change who holds the fields of an object, if it is still as it was seen.

        Raises
        ------
        UnaskedError
            When somebody has changed it in between, or it must not be changed.
        """
        version = live["metadata"]["resourceVersion"]
        patch = [
            {"op": "test", "path": "/metadata/resourceVersion", "value": version},
            {"op": "replace", "path": "/metadata/managedFields", "value": list(fields)},
        ]
        stub = {key: live[key] for key in ("apiVersion", "kind")}
        named = {key: live["metadata"].get(key) for key in ("name", "namespace")}
        given = json.dumps({**stub, "metadata": {k: v for k, v in named.items() if v}})
        words = ("patch", "-f", "-", "--type=json", "--patch", json.dumps(patch))
        self._kubectl(*words, "--field-manager=efd-drift", given=given)

    def apply(self, deployed: Mapping[str, Any], manager: str) -> None:
        """Apply an object as a manager, who takes nothing from any other.

        Raises
        ------
        UnaskedError
            When another holds one of its fields with another value, or it is not taken.
        """
        words = ("apply", "--server-side", f"--field-manager={manager}", "-f", "-")
        self._kubectl(*words, given=json.dumps(deployed))

    def _kubectl(self, *words: str, given: str) -> str:
        command = ["kubectl", "--context", self.context, *words]
        return printed(command, f"kubectl {words[0]}", given=given)
