"""`approvals.yaml`: the dangers that a change names itself, with a reason and an end."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from efd_infra.config.mistake import Mistake
from efd_infra.config.section import Section
from report.danger import Danger
from verify.finding import UnaskedError

FILE = "approvals.yaml"


class Approval(Section):
    """One danger of one site that somebody takes on."""

    site: str = Field(min_length=1)
    """The stack's name."""
    what: str = Field(min_length=1)
    """The danger's id, as a report prints it."""
    reason: str = Field(min_length=10)
    """Why it is right, for whoever reads it later."""
    until: dt.date
    """The last day on which it counts."""

    @field_validator("until", mode="before")
    @classmethod
    def _is_day(cls, given: Any) -> Any:
        """YAML reads a day as one; with a time of day it would be another type."""
        if type(given) is dt.date:
            return given
        raise ValueError("a day, such as 2030-12-31")

    @property
    def told(self) -> str:
        """Site and id."""
        return f"{self.site}: {self.what}"


@dataclass(frozen=True)
class Verdict:
    """Which dangers are approved, and what is to be said of the approvals."""

    dangers: tuple[Danger, ...]
    approved: tuple[tuple[Danger, Approval], ...]
    notes: tuple[str, ...]

    @property
    def unapproved(self) -> tuple[Danger, ...]:
        """The dangers that nobody takes on."""
        taken = {danger for danger, _ in self.approved}
        return tuple(danger for danger in self.dangers if danger not in taken)


def approvals(path: Path) -> tuple[Approval, ...]:
    """Read the approvals; there are none where there is no file.

    Raises
    ------
    UnaskedError
        With every mistake in the file: place, given, allowed.
    """
    if not path.exists():
        return ()
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnaskedError(f"{path} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(listed, list | None):
        mistakes = [Mistake(FILE, f"a {type(listed).__name__}", "a list of approvals")]
        raise _refused(path, mistakes)
    found, wrong = list[Approval](), list[Mistake]()
    for index, entry in enumerate(listed or []):
        try:
            found.append(Approval.model_validate(entry))
        except ValidationError as error:
            wrong += [_mistake(index, d) for d in error.errors(include_url=False)]
    if wrong:
        raise _refused(path, wrong)
    return tuple(found)


def _refused(path: Path, mistakes: Sequence[Mistake]) -> UnaskedError:
    count = len(mistakes)
    head = f"{path} has {count} mistake{'s' if count > 1 else ''}; nothing is approved"
    return UnaskedError("\n".join([head, *(f"  {mistake}" for mistake in mistakes)]))


def _mistake(index: int, error: ErrorDetails) -> Mistake:
    place = ".".join(map(str, (index, *error["loc"])))
    if error["type"] == "missing":
        field = Approval.model_fields[str(error["loc"][0])]
        return Mistake(place, "nothing", field.description or "a value")
    if error["type"] == "extra_forbidden":
        return Mistake(place, "an unknown key", ", ".join(Approval.model_fields))
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    message = message.replace("String should have", "a text with")
    return Mistake(place, json.dumps(error["input"], default=str), message)


def judged(
    found: Iterable[Danger],
    ours: Sequence[Approval],
    before: Sequence[Approval],
    today: dt.date,
) -> Verdict:
    """Return which dangers ``ours`` approve; what was there ``before`` the change does not count.

    An approval is for one change. One that stayed in the file would let the next change do the
    same again, and nobody would be asked.
    """
    dangers = tuple(found)
    approved, notes, used = list[tuple[Danger, Approval]](), list[str](), set[Approval]()
    for danger in dangers:
        for approval in ours:
            if (approval.site, approval.what) != (danger.site, danger.what):
                continue
            used.add(approval)
            if approval in before:
                notes.append(
                    f"`{approval.told}` was approved before this change, which does not count"
                )
            elif approval.until < today:
                notes.append(f"the approval of `{approval.told}` ended on {approval.until}")
            else:
                approved.append((danger, approval))
                break
    for approval in ours:
        if approval in used:
            continue
        if approval.until < today:
            ended = f"ended on {approval.until} and is not used: remove it"
            notes.append(f"the approval of `{approval.told}` {ended}")
        elif approval not in before:
            notes.append(
                f"nothing here is `{approval.told}`, which {FILE} approves: is it misspelt?"
            )
    return Verdict(dangers, tuple(approved), tuple(dict.fromkeys(notes)))
