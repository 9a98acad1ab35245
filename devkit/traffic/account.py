"""Typed accounts of what arrived, what did not and what should not be there."""

from collections.abc import Iterator
from dataclasses import dataclass, field

EXAMPLES = 5
"""Of each fault, so many are told in full."""


@dataclass
class Faults:
    """How many records or points have one fault, and the first few."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        """Count one."""
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return self.count > 0


@dataclass
class Account:
    """What became of the acknowledged records of one topic."""

    topic: str
    expected: int
    arrived: int = 0
    """Points at the time of an acknowledged record, right or wrong."""
    missing: Faults = field(default_factory=Faults)
    wrong: Faults = field(default_factory=Faults)
    """Points with a field too few, too many, of another value or type, or with a tag."""
    extra: Faults = field(default_factory=Faults)
    """Points of which the ledger knows nothing."""
    unsure: int = 0
    """Points of records that the producer had given up: they did arrive, which is allowed."""

    @property
    def complete(self) -> bool:
        """Whether everything is there, is right and is all there is."""
        return self.arrived == self.expected and not (self.missing or self.wrong or self.extra)


@dataclass
class Arrivals:
    """The accounts of all topics."""

    topics: dict[str, Account]
    seconds: float = 0.0
    """What the check took."""

    @property
    def complete(self) -> bool:
        """Whether all accounts are."""
        return all(account.complete for account in self.topics.values())

    @property
    def expected(self) -> int:
        """Acknowledged records."""
        return sum(account.expected for account in self.topics.values())

    @property
    def arrived(self) -> int:
        """Of those, the ones that have a point."""
        return sum(account.arrived for account in self.topics.values())

    def lines(self) -> Iterator[str]:
        """What a person reads."""
        accounts = self.topics.values()
        missing = sum(account.missing.count for account in accounts)
        wrong = sum(account.wrong.count for account in accounts)
        extra = sum(account.extra.count for account in accounts)
        yield (
            f"{self.arrived} of {self.expected} acknowledged records are in InfluxDB: "
            f"{missing} missing, {wrong} wrong, {extra} extra points"
        )
        for account in accounts:
            for name in ("missing", "wrong", "extra"):
                faults: Faults = getattr(account, name)
                for example in faults.examples:
                    yield f"  {account.topic}: {name}: {example}"
                if faults.count > len(faults.examples):
                    yield f"  {account.topic}: {name}: … {faults.count} in all"
