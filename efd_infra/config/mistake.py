"""What is wrong with a site file, in words that say where and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One refused value: its path in the YAML, what was given, what is allowed."""

    path: str
    given: str
    allowed: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.path}: given {self.given}; allowed: {self.allowed}"


class SiteError(ValueError):
    """A site that cannot be deployed; carries every mistake at once."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        count = len(self.mistakes)
        head = f"efd:site has {count} mistake{'s' if count > 1 else ''}; nothing was touched"
        super().__init__("\n".join([head, *(f"  {mistake}" for mistake in self.mistakes)]))
