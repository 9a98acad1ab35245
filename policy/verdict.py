"""What was found, against what may stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from policy.finding import Finding
from policy.waivers import Waiver, waiver_of


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What must be done, and what stays for a while."""

    new: tuple[Finding, ...]
    """Found, and no waiver means it."""
    waived: dict[Waiver, int]
    """How many findings each waiver means."""
    expired: tuple[Waiver, ...]
    """Waivers whose day has come."""

    @property
    def unused(self) -> tuple[Waiver, ...]:
        """Waivers that mean nothing that was found."""
        return tuple(waiver for waiver, count in self.waived.items() if not count)

    @property
    def is_right(self) -> bool:
        """Whether nothing must be done."""
        return not (self.new or self.expired or self.unused)


def judge(found: Sequence[Finding], waivers: Sequence[Waiver], today: date) -> Verdict:
    """Compare what was found in every site with what may stay."""
    waived = dict.fromkeys(waivers, 0)
    new = []
    for finding in found:
        if waiver := waiver_of(waivers, finding.scanner, finding.check, finding.object):
            waived[waiver] += 1
        else:
            new.append(finding)
    return Verdict(
        new=tuple(new),
        waived=waived,
        expired=tuple(waiver for waiver in waivers if waiver.until <= today),
    )
