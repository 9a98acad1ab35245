"""One thing that a reviewer reads, and the sites where it is so."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

from report.markdown import code, fenced

_BRIEF = 30
"""Lines of a detail that is shown in part."""


class Section(IntEnum):
    """Kinds of risk, the greatest first."""

    STORES = 1
    RESTARTS = 2
    ACCESS = 3
    FILES = 4
    REST = 5

    @property
    def title(self) -> str:
        """The heading."""
        return _TITLES[self]


_TITLES = {
    Section.STORES: "Stores, namespaces and protected resources that go or are replaced",
    Section.RESTARTS: "Restarts",
    Section.ACCESS: "Access and secrets",
    Section.FILES: "Configuration files",
    Section.REST: "Everything else",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A headline, a remark and a detail; what is alike at several sites is one entry."""

    section: Section
    operation: str
    kind: str
    subject: str
    remarks: tuple[str, ...] = ()
    """Sentences."""
    detail: str = ""
    """Fields, or a difference of files."""
    language: str = "text"
    sites: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[int, str, str, str]:
        """Where it stands in the comment."""
        return (self.section, self.subject, self.kind, self.operation)

    @property
    def short(self) -> str:
        """One line."""
        where = ", ".join(map(code, self.sites))
        return f"**{self.operation}** {self.kind} {code(self.subject)} at {where}"

    @property
    def brief(self) -> str:
        """The same with the beginning of the detail; says how many lines are left out."""
        lines = self.detail.splitlines()
        if len(lines) <= _BRIEF:
            return self.full
        left = len(lines) - _BRIEF
        shown = fenced("\n".join(lines[:_BRIEF]), self.language)
        return f"{self._head}\n\n{shown}\n\n_{left} more lines: see the full text._"

    @property
    def full(self) -> str:
        """Everything."""
        return (
            f"{self._head}\n\n{fenced(self.detail, self.language)}" if self.detail else self._head
        )

    @property
    def _head(self) -> str:
        return "\n".join([self.short, *(f"— {remark}" for remark in self.remarks)])


def folded(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries in order, those that differ only in their site as one."""
    found: dict[Entry, set[str]] = {}
    for entry in entries:
        found.setdefault(replace(entry, sites=()), set()).update(entry.sites)
    whole = [replace(entry, sites=tuple(sorted(sites))) for entry, sites in found.items()]
    return sorted(whole, key=lambda entry: (*entry.place, entry.sites, entry.detail, entry.remarks))
