"""What one question to a site has shown."""

from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["right", "wrong", "unasked"]
UNASKED = 2
"""The exit code of a command that could not ask."""


class UnaskedError(Exception):
    """Nothing can be said: there is nothing to ask, nobody answers, or not to whoever asks."""


@dataclass(frozen=True)
class Finding:
    """One row of the report."""

    subject: str
    """An address, or what else was asked."""
    question: str
    state: State
    told: str
    """What was found; where it is wrong, what was expected too."""

    @property
    def data(self) -> dict[str, str]:
        """The same for a program."""
        return asdict(self)


def exit_code(findings: list[Finding]) -> int:
    """Return 0 if everything is right, 1 if something is wrong, 2 if something was not asked."""
    states = {finding.state for finding in findings}
    if "wrong" in states:
        return 1
    return UNASKED if "unasked" in states or not findings else 0
