"""Everything that a report tells, and its exit code."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from report.approval import Verdict
from report.change import SiteChanges
from report.entry import Entry, folded
from report.file_change import fields
from report.reading import entries
from verify.finding import UNASKED

RIGHT, WRONG = 0, 1


@dataclass(frozen=True)
class Outcome:
    """The changes of all sites, judged."""

    sites: tuple[SiteChanges, ...]
    verdict_on_dangers: Verdict
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, sites: Sequence[SiteChanges], verdict: Verdict) -> "Outcome":
        """Fold what is alike at several sites."""
        ordered = tuple(sorted(sites, key=lambda site: site.site))
        found = folded(entry for site in ordered for entry in entries(site))
        return cls(ordered, verdict, tuple(found))

    @property
    def exit_code(self) -> int:
        """0 right, 1 not as it must be, 2 could not be asked."""
        if self.verdict_on_dangers.unapproved or any(site.refusal for site in self.sites):
            return WRONG
        return UNASKED if any(site.unasked for site in self.sites) else RIGHT

    @property
    def verdict(self) -> str:
        """One sentence."""
        unapproved = len(self.verdict_on_dangers.unapproved)
        refused = [site.site for site in self.sites if site.refusal]
        unasked = [site.site for site in self.sites if site.unasked]
        told = list[str]()
        if refused:
            told.append(f"Refused: {', '.join(refused)}")
        if unapproved:
            told.append(f"{_count(unapproved, 'danger')} not approved")
        if unasked:
            told.append(f"Nobody can say what changes at {', '.join(unasked)}")
        if approved := len(self.verdict_on_dangers.approved):
            told.append(f"{_count(approved, 'danger')} approved")
        if not told:
            touched = [site.site for site in self.sites if site.is_touched]
            told.append("No danger" if touched else "Nothing changes at any site")
        return f"{'. '.join(told)}."

    @property
    def data(self) -> dict[str, Any]:
        """The same for a program."""
        verdict = self.verdict_on_dangers
        return {
            "verdict": self.verdict,
            "exit": self.exit_code,
            "unapproved": [danger.data for danger in verdict.unapproved],
            "approved": [
                {**danger.data, "reason": approval.reason, "until": str(approval.until)}
                for danger, approval in verdict.approved
            ],
            "notes": list(verdict.notes),
            "sites": [_site(site) for site in self.sites],
        }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _site(site: SiteChanges) -> dict[str, Any]:
    return {
        "site": site.site,
        "touched": site.is_touched,
        "refusal": site.refusal,
        "unasked": site.unasked,
        "unchanged": site.unchanged,
        "notes": list(site.notes),
        "rotated": list(site.rotated),
        "changes": [
            {
                "operation": change.operation,
                "kind": change.kind,
                "subject": change.subject,
                "urn": change.urn,
                "restarts": change.restarts,
                "causes": list(change.causes),
                "fields": [field.place for field in fields(change)] if change.old else [],
            }
            for change in site.changes
        ],
    }
