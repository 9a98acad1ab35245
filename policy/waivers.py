"""Findings that stay: each names its reason, and the day on which somebody looks at it again."""

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, Field, ValidationError

FILE = Path(__file__).parent / "waivers.yaml"
RULES = "rules"
"""The scanner that a waiver names which speaks of this project's own rules."""


class Waiver(BaseModel, frozen=True, extra="forbid"):
    """One kind of finding that stays for a while."""

    scanner: Literal["rules", "kube-score"]
    """Who finds it."""
    check: str = Field(min_length=1)
    """What it is called there."""
    object: str = Field(min_length=1)
    """Which objects, as `Kind namespace/name`, with ``*`` for any letters."""
    reason: str = Field(min_length=20)
    """Why it stays."""
    until: date
    """The first day on which it no longer counts."""

    def covers(self, scanner: str, check: str, titled: str) -> bool:
        """Tell whether it means what a scanner's check found at an object."""
        return scanner == self.scanner and check == self.check and fnmatchcase(titled, self.object)

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.scanner} {self.check} at {self.object}"


class _File(BaseModel, extra="forbid"):
    """What the file says."""

    waivers: tuple[Waiver, ...]


def read_waivers(file: Path = FILE) -> tuple[Waiver, ...]:
    """Read the waivers of a file; `ValueError` says what is wrong with it."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        return _File.model_validate(content).waivers
    except ValidationError as error:
        raise ValueError(f"{file.name}: {error}") from None


def waiver_of(waivers: Iterable[Waiver], scanner: str, check: str, titled: str) -> Waiver | None:
    """Return the waiver that means what a scanner's check found at an object."""
    return next((w for w in waivers if w.covers(scanner, check, titled)), None)
