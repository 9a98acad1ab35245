"""What the program registers before and after a change, compared as changes of each site."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rendering.engine import ROOT
from report.change import PROTECTED, TEMPLATED, Change, Operation, SiteChanges
from report.field import differences
from report.made_up_name import without_made_up_names
from report.reference import causes, contents
from report.replacement import is_replaced
from report.secret_text import OTHER, masked, scrubbed, unwrapped
from report.site_file import SiteText, site_texts
from verify.finding import UnaskedError

_PATIENCE = 300.0
"""Seconds for one side; eight sites take eight on one busy core."""
_COMPUTED = "random:"
"""Begins the types of what generates values: who is made of one gets another with it."""

Resource = dict[str, Any]


def compared(base: Path, head: Path) -> list[SiteChanges]:
    """Render both checkouts at the same time, and compare them site by site.

    Raises
    ------
    UnaskedError
        If one of them cannot be rendered at all.
    """
    with ThreadPoolExecutor(2) as threads:
        before, after = threads.map(_rendered, (base, head))
    texts = site_texts(base), site_texts(head)
    return [
        site_changes(site, (before.get(site), after.get(site)), texts)
        for site in sorted(before.keys() | after.keys())
    ]


def _rendered(checkout: Path) -> dict[str, Any]:
    argv = [sys.executable, "-m", "rendering", "--program", str(checkout.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 -- this Python
            argv, cwd=ROOT, check=False, capture_output=True, text=True, timeout=_PATIENCE
        )
        if done.returncode == 0:
            told: dict[str, Any] = json.loads(done.stdout)
            return told
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
    except subprocess.TimeoutExpired:
        said = f"it took longer than {_PATIENCE:.0f} s"
    except json.JSONDecodeError as error:
        said = f"it printed no JSON: {error}"
    raise UnaskedError(f"the program in {checkout} cannot be rendered: {scrubbed(said)}")


def site_changes(
    site: str,
    sides: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None],
    texts: tuple[Mapping[str, SiteText], Mapping[str, SiteText]],
) -> SiteChanges:
    """Compare what was rendered of one site before and after; ``None`` where it is not there.

    ``texts`` are the site files of both sides, by name.
    """
    before, after = sides
    text = texts[1].get(site, SiteText())
    told = SiteChanges(site=site, description=text.description)
    if after is None:
        note = (
            "its file goes; nothing is removed from its cluster until somebody destroys its stack"
        )
        return dataclasses.replace(told, notes=(note,))
    if "error" in after:
        return dataclasses.replace(told, refusal=scrubbed(after["error"]))
    if before and "error" in before:
        return dataclasses.replace(told, unasked=scrubbed(before["error"]))
    known: Mapping[str, Any] = before or {"resources": [], "warnings": [], "outputs": {}}
    changes, unchanged = _changes(site, known["resources"], after["resources"])
    return dataclasses.replace(
        told,
        changes=changes,
        unchanged=unchanged,
        notes=_notes(known, after) if before else (),
        rotated=text.rotated_from(texts[0].get(site, SiteText())),
    )


def _notes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    warned = [
        f"new warning: {text}" for text in after["warnings"] if text not in before["warnings"]
    ]
    mended = [f"warns no more: {t}" for t in before["warnings"] if t not in after["warnings"]]
    return tuple(map(scrubbed, (*warned, *mended)))


def _changes(
    site: str, before: Sequence[Resource], after: Sequence[Resource]
) -> tuple[tuple[Change, ...], int]:
    old, new = _by_urn(before), _by_urn(after)
    renamed = _renamed(old, new)
    found: dict[str, Change] = {}
    for urn in sorted(old.keys() | new.keys()):
        if urn in renamed.values():
            continue
        change = _change(site, urn, old.get(renamed.get(urn, urn)), new.get(urn))
        if change:
            found[urn] = change
    for change in _following(site, new, found):
        found[change.urn] = change
    unchanged = len(new) - sum(urn in new for urn in found)
    return without_made_up_names(found[urn] for urn in sorted(found)), unchanged


def _by_urn(resources: Iterable[Resource]) -> dict[str, Resource]:
    return {resource["urn"]: resource for resource in resources}


def _renamed(old: Mapping[str, Resource], new: Mapping[str, Resource]) -> dict[str, str]:
    """Return the former URN of each resource that has another now, and says so in an alias."""
    gone, come = old.keys() - new.keys(), new.keys() - old.keys()
    return {
        urn: former
        for urn in come
        for former in gone
        if any(f'"{former}"' in alias for alias in new[urn]["aliases"])
    }


def _change(site: str, urn: str, old: Resource | None, new: Resource | None) -> Change | None:
    before, after = (_inputs(side) if side else {} for side in (old, new))
    if old and new:
        if before == after and old["protect"] == new["protect"]:
            return None
        replaced = is_replaced(new["token"], before, after)
        operation: Operation = "replace" if replaced else "update"
    else:
        operation = "create" if new else "delete"
    hidden = masked(before, after)
    return Change(
        site=site,
        urn=urn,
        operation=operation,
        old=_with_protection(hidden[0], old, new),
        new=_with_protection(hidden[1], new, old),
        protected=bool(old and old["protect"]),
        retained=bool(old and old["retain_on_delete"]),
        reasons=tuple(field.place for field in differences(before, after)) if old and new else (),
    )


def _inputs(resource: Resource) -> dict[str, Any]:
    paths = {tuple(path) for path in resource["secret_paths"]}
    inputs: dict[str, Any] = unwrapped(resource["inputs"], paths)
    return inputs


def _with_protection(
    inputs: dict[str, Any], own: Resource | None, other: Resource | None
) -> dict[str, Any]:
    """Tell of the protection as of a field, where it differs."""
    if own and other and own["protect"] != other["protect"]:
        return {**inputs, PROTECTED: bool(own["protect"])}
    return inputs


def _following(
    site: str, resources: Mapping[str, Resource], found: Mapping[str, Change]
) -> Iterable[Change]:
    """Yield what changes only since something that it is made of or reads does.

    Here an object has the same made-up name before and after, and every generated value is the
    same; with an engine, another content has another name.
    """
    all_changes = dict(found)
    for urn, resource in resources.items():
        if resource["inputs"].get("kind") == "Secret" and urn not in found:
            made_of = [all_changes.get(name) for name in resource["dependencies"]]
            if any(c and c.operation == "replace" and _COMPUTED in c.urn for c in made_of):
                all_changes[urn] = _with_other_secret(site, urn, resource)
    changed = contents(c for c in all_changes.values() if _is_autonamed(resources, c))
    for urn, resource in resources.items():
        if resource["inputs"].get("kind") not in TEMPLATED:
            continue
        inputs, _ = masked(_inputs(resource), {})
        change = all_changes.get(urn) or Change(
            site=site,
            urn=urn,
            operation="replace" if resource["inputs"]["kind"] == "Job" else "update",
            old=inputs,
            new=inputs,
        )
        reads = causes(change, changed) if change.operation != "create" else ()
        if reads:
            all_changes[urn] = dataclasses.replace(change, causes=reads)
    return (change for urn, change in all_changes.items() if found.get(urn) is not change)


def _is_autonamed(resources: Mapping[str, Resource], change: Change) -> bool:
    return bool(resources.get(change.urn, {}).get("autonamed"))


def _with_other_secret(site: str, urn: str, resource: Resource) -> Change:
    old, _ = masked(_inputs(resource), {})
    keys: list[str] = list(old.get("stringData") or ())
    new = {**old, "stringData": dict.fromkeys(keys, OTHER)}
    return Change(site=site, urn=urn, operation="replace", old=old, new=new)
