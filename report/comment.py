"""The comment on a pull request: what matters first, and never more than fits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from report.danger import Danger
from report.entry import Entry, Section
from report.markdown import cell, code, fenced
from report.outcome import Outcome

LIMIT = 65_000
"""Bytes; a comment on GitHub may have 65,536 characters, each of one byte or more."""
_TAIL = 200
"""Bytes kept free for the sentence that counts what was cut from a section."""
_LONGEST_REFUSAL = 4000
"""Characters of one site's refusal that a comment shows."""


@dataclass(frozen=True)
class _Block:
    """One paragraph with what belongs to it, in several lengths, the shortest first."""

    forms: tuple[str, ...]


@dataclass(frozen=True)
class _Group:
    """The blocks below one heading."""

    title: str
    blocks: tuple[_Block, ...]


@dataclass(frozen=True)
class Comment:
    """Markdown, and what of it was cut."""

    text: str
    cut: int
    """How many entries are left out or shown in part."""


def full(outcome: Outcome) -> str:
    """Return the whole report."""
    parts = [_head(outcome, ())]
    for group in _groups(outcome):
        parts += [f"### {group.title}", *(block.forms[-1] for block in group.blocks)]
    return "\n\n".join(parts) + "\n"


def comment(outcome: Outcome, kept_in: str, limit: int = LIMIT) -> Comment:
    """Return the report within ``limit`` bytes; ``kept_in`` says where all of it is."""
    whole = full(outcome)
    if _size(whole) <= limit:
        return Comment(whole, 0)
    groups = _groups(outcome)
    note = f"This is cut to what a comment holds. {kept_in}"
    head = _head(outcome, (note,))
    chosen = _chosen(groups, limit - _size(head))
    parts, cut = [head], 0
    for group, levels in zip(groups, chosen, strict=True):
        kept = [b.forms[n] for b, n in zip(group.blocks, levels, strict=True) if n >= 0]
        left = sum(level < 0 for level in levels)
        short = sum(0 <= n < len(b.forms) - 1 for b, n in zip(group.blocks, levels, strict=True))
        parts += [f"### {group.title}", *kept]
        if left or short:
            cut += left + short
            told = f"{left} of {len(levels)} are not shown here, {short} only in part"
            parts.append(f"_{told}: see the full text._")
    return Comment("\n\n".join(parts) + "\n", cut)


def _chosen(groups: Sequence[_Group], room: int) -> list[list[int]]:
    """Return which form of each block is shown, none as -1: first all short, then longer ones."""
    room -= sum(_size(group.title) + _TAIL for group in groups)
    levels = [[-1] * len(group.blocks) for group in groups]
    deepest = max((len(block.forms) for group in groups for block in group.blocks), default=0)
    for level in range(deepest):
        for group, chosen in zip(groups, levels, strict=True):
            for index, block in enumerate(group.blocks):
                if chosen[index] != level - 1 or level >= len(block.forms):
                    continue
                before = _size(block.forms[level - 1]) if level else -2
                needed = _size(block.forms[level]) - before
                if needed <= room:
                    chosen[index], room = level, room - needed
    return levels


def _size(text: str) -> int:
    return len(text.encode())


def _head(outcome: Outcome, notes: Sequence[str]) -> str:
    lines = ["## What this change does", f"**{outcome.verdict}**", *notes]
    return "\n\n".join([*lines, _table(outcome)] if outcome.sites else lines)


def _table(outcome: Outcome) -> str:
    rows = [
        "| site | created | updated | replaced | deleted | restarts | unchanged |",
        "|---|---|---|---|---|---|---|",
    ]
    for site in outcome.sites:
        if site.refusal and not site.changes:
            rows.append(f"| {cell(site.site)} | refused | | | | | |")
        elif site.unasked:
            rows.append(f"| {cell(site.site)} | unknown | | | | | |")
        else:
            made = [change.operation for change in site.changes]
            counts = [made.count(one) for one in ("create", "update", "replace", "delete")]
            restarts = sum(change.restarts for change in site.changes)
            numbers = " | ".join(map(str, (*counts, restarts, site.unchanged)))
            rows.append(f"| {cell(site.site)} | {numbers} |")
    return "\n".join(rows)


def _groups(outcome: Outcome) -> list[_Group]:
    groups = [
        _Group("Dangers", tuple(_dangers(outcome))),
        _Group("Refusals", tuple(_refusals(outcome))),
        _Group("Notes", tuple(_notes(outcome))),
    ]
    for section in Section:
        ours = [entry for entry in outcome.entries if entry.section == section]
        groups.append(_Group(f"{section}. {section.title}", tuple(map(_block, ours))))
    return [group for group in groups if group.blocks]


def _block(entry: Entry) -> _Block:
    forms = (entry.short, entry.brief, entry.full)
    return _Block(tuple(dict.fromkeys(forms)))


def _dangers(outcome: Outcome) -> Iterator[_Block]:
    for danger in outcome.verdict_on_dangers.unapproved:
        yield _Block((f"**not approved** {_told(danger)}",))
    for danger, approval in outcome.verdict_on_dangers.approved:
        until = f"approved until {approval.until} because {code(approval.reason)}"
        yield _Block((f"{until}: {_told(danger)}",))


def _told(danger: Danger) -> str:
    return f"at {code(danger.site)}: {code(danger.what)}\n— {code(danger.told)}"


def _refusals(outcome: Outcome) -> Iterator[_Block]:
    for site in outcome.sites:
        for title, text in (("is refused", site.refusal), ("cannot be compared", site.unasked)):
            if text:
                head = f"{code(site.site)} {title}:"
                forms = (
                    f"{head} {len(text)} characters",
                    f"{head}\n\n{fenced(_cut(text), 'text')}",
                )
                yield _Block(tuple(dict.fromkeys((*forms, f"{head}\n\n{fenced(text, 'text')}"))))


def _cut(text: str) -> str:
    if len(text) <= _LONGEST_REFUSAL:
        return text
    return f"{text[:_LONGEST_REFUSAL]}… ({len(text) - _LONGEST_REFUSAL} more characters)"


def _notes(outcome: Outcome) -> Iterator[_Block]:
    for note in outcome.verdict_on_dangers.notes:
        yield _Block((note,))
    for site in outcome.sites:
        for note in site.notes:
            yield _Block((f"{code(site.site)}: {code(note)}",))
