"""What `pulumi preview --json` printed, read as changes of one site."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from report.change import Change, Operation, SiteChanges
from report.made_up_name import without_made_up_names
from report.reference import causes, contents
from report.secret_text import OTHER, masked, scrubbed, texts_of_secrets, without
from verify.finding import UnaskedError

_OPERATIONS: dict[str, Operation | None] = {
    "create": "create",
    "update": "update",
    "replace": "replace",
    "delete": "delete",
    "create-replacement": "replace",
    "import": "create",
    "import-replacement": "replace",
    "discard": "delete",
    # What changes nothing, and the halves of a replacement, which is a step of its own.
    "same": None,
    "read": None,
    "read-replacement": None,
    "refresh": None,
    "delete-replaced": None,
    "discard-replaced": None,
    "remove-pending-replace": None,
}
"""The engine's words (``sdk/go/common/apitype``)."""
_STACK = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:"


def previewed(site: str, path: Path) -> SiteChanges:
    """Read the preview of ``site``.

    Raises
    ------
    UnaskedError
        If the file is no preview.
    """
    try:
        return read(site, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnaskedError(
            f"{path} is not what `pulumi preview --json` prints for {site}: {error}"
        ) from None


def read(site: str, document: Any) -> SiteChanges:
    """Return what a preview says."""
    if not isinstance(document, dict) or not isinstance(document.get("changeSummary"), dict):
        raise UnaskedError(
            f"the preview of {site} has no changeSummary: run `pulumi preview --json` to its end"
        )
    steps = document.get("steps") or []
    secrets = frozenset(
        text
        for step in steps
        for state in (step.get("oldState"), step.get("newState"))
        if state
        for text in texts_of_secrets(state.get("inputs") or {})
    )
    if secrets:
        steps = without(steps, secrets)
    changes = {change.urn: change for step in steps if (change := _change(site, step))}
    changed = contents(changes.values())
    problems = [entry for entry in document.get("diagnostics") or [] if _is_error(entry)]
    return SiteChanges(
        site=site,
        changes=without_made_up_names(
            _with_causes(changes[urn], changed) for urn in sorted(changes)
        ),
        unchanged=int(document["changeSummary"].get("same", 0)),
        description=_description(document.get("config") or {}),
        refusal=scrubbed("\n".join(_message(entry) for entry in problems), secrets),
    )


def _is_error(entry: Mapping[str, Any]) -> bool:
    return entry.get("severity") == "error"


def _message(entry: Mapping[str, Any]) -> str:
    return " ".join(str(entry.get("message", "")).split())


def _description(config: Mapping[str, Any]) -> dict[str, Any]:
    described = json.loads(config.get("efd:site") or "{}")
    return described if isinstance(described, dict) else {}


def _change(site: str, step: Mapping[str, Any]) -> Change | None:
    said = str(step["op"])
    if said not in _OPERATIONS:
        allowed = ", ".join(_OPERATIONS)
        raise UnaskedError(f"the preview of {site} has a step {said!r}; known are: {allowed}")
    operation, urn = _OPERATIONS[said], str(step["urn"])
    if operation is None or urn.split("::")[2] == _STACK or _PROVIDER in urn.split("::")[2]:
        return None
    before, after = step.get("oldState") or {}, step.get("newState") or {}
    old, new = masked(before.get("inputs") or {}, after.get("inputs") or {})
    reasons = tuple(sorted(step.get("detailedDiff") or {}))
    if operation == "replace" and new.get("kind") == "Secret":
        _mark(new, reasons)
    return Change(
        site=site,
        urn=urn,
        operation=operation,
        old=old if operation != "create" else {},
        new=new if operation != "delete" else {},
        protected=bool(before.get("protect")),
        retained=bool(before.get("retainOnDelete")),
        reasons=reasons,
    )


def _mark(secret: dict[str, Any], reasons: tuple[str, ...]) -> None:
    """Say which keys of a Secret differ, where the engine does: it hides both texts alike."""
    if isinstance(secret.get("data"), dict):
        return
    keys = sorted(_keys(reasons))
    secret["data"] = dict.fromkeys(keys, OTHER) if keys else OTHER


def _keys(reasons: tuple[str, ...]) -> Iterator[str]:
    for reason in reasons:
        if reason.startswith('data["'):
            yield json.loads(reason.removeprefix("data[").removesuffix("]"))


def _with_causes(change: Change, changed: Mapping[str, str]) -> Change:
    return dataclasses.replace(change, causes=causes(change, changed))
