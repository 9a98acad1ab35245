"""Whether a Kafka cluster holds each acknowledged record as it was sent, and no other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from devkit.traffic.access import Kafka
from devkit.traffic.account import Faults
from devkit.traffic.framing import SIZE
from devkit.traffic.ledger import UNTOLD, Entries, Ledger
from devkit.traffic.observatory import topic as topic_named
from devkit.traffic.reading import records
from devkit.traffic.recipe import Recipe
from devkit.traffic.topics import Place, Topics

Offsets = dict[int, int]
"""Index in the ledger's columns of the record at each offset."""


@dataclass
class Kept:
    """What a cluster holds of what it acknowledged."""

    acknowledged: int = 0
    kept: int = 0
    expired: int = 0
    """Acknowledged records before the first offset: retention has taken them."""
    lost: Faults = field(default_factory=Faults)
    """Acknowledged records that are not there."""
    changed: Faults = field(default_factory=Faults)
    """Records with other bytes than were sent, or two acknowledged at one offset."""
    foreign: Faults = field(default_factory=Faults)
    """Records that no ledger knows: somebody else wrote, or something was written back."""
    unsure: int = 0
    """Records that the producer had given up and that are there all the same."""

    @property
    def complete(self) -> bool:
        """Whether everything is there and nothing else."""
        gone = self.kept + self.expired != self.acknowledged
        return not (gone or self.lost or self.changed or self.foreign)

    def lines(self) -> list[str]:
        """What a person reads."""
        first = (
            f"{self.kept} of {self.acknowledged} acknowledged records are in Kafka: "
            f"{self.expired} expired, {self.lost.count} lost, {self.changed.count} changed, "
            f"{self.foreign.count} foreign"
        )
        lines = [first]
        for name in ("lost", "changed", "foreign"):
            faults: Faults = getattr(self, name)
            lines += [f"  {name}: {example}" for example in faults.examples]
        return lines


def check(kafka: Kafka, ledger: Ledger) -> Kept:
    """Read all topics of the ledger and compare each record's bytes with what was sent."""
    topics = Topics(kafka)
    there = topics.partitions(".*")
    spans = topics.spans((name, n) for name in ledger.topics for n in range(there.get(name, 0)))
    comparison = Comparison(ledger)
    for place, message in records(kafka, spans):
        comparison.take(place, message.offset() or 0, message.value() or b"")
    return comparison.end({place: first for place, (first, _) in spans.items()})


class Comparison:
    """Goes through the records of a cluster, in any order."""

    def __init__(self, ledger: Ledger) -> None:
        """Expect what is in the ledger."""
        self.found = Kept(acknowledged=ledger.acknowledged)
        self._topics = ledger.topics
        self._recipes = {
            name: Recipe(topic_named(name), entries.seed) for name, entries in ledger.topics.items()
        }
        self._expected: dict[Place, Offsets] = {}
        self._somewhere: dict[Place, dict[int, int]] = {}
        """By private_efdStamp, index of each record of which no offset is known."""
        for name, entries in ledger.topics.items():
            for n, partition in enumerate(entries.partition):
                self._expect((name, partition), entries, n)

    def _expect(self, place: Place, entries: Entries, n: int) -> None:
        offset = entries.offset[n]
        if offset == UNTOLD:
            self._somewhere.setdefault(place, {})[entries.efd[n]] = n
            return
        offsets = self._expected.setdefault(place, {})
        if offset in offsets:
            self.found.changed.add(f"two at {place[0]}-{place[1]} offset {offset}")
        offsets[offset] = n

    def take(self, place: Place, offset: int, value: bytes) -> None:
        """Compare one record with what was acknowledged at its place."""
        name, partition = place
        entries, recipe = self._topics[name], self._recipes[name]
        at = f"{name}-{partition} offset {offset}"
        stamp = recipe.efd_of(value[SIZE:])
        n = self._expected.get(place, {}).pop(offset, None)
        if n is None and stamp is not None:
            n = self._somewhere.get(place, {}).pop(stamp, None)
        if n is None:
            if stamp in entries.failed:
                self.found.unsure += 1
            else:
                self.found.foreign.add(at)
            return
        if value[SIZE:] == recipe.encode(entries.sequence[n], entries.efd[n]):
            self.found.kept += 1
        else:
            self.found.changed.add(at)

    def end(self, first: Mapping[Place, int]) -> Kept:
        """Enter what did not come, given the first offset of each partition."""
        for place, offsets in self._expected.items():
            for offset in offsets:
                if offset < first.get(place, 0):
                    self.found.expired += 1
                else:
                    self.found.lost.add(f"{place[0]}-{place[1]} offset {offset}")
        for (name, partition), stamps in self._somewhere.items():
            for stamp in stamps:
                self.found.lost.add(f"{name}-{partition} stamp {stamp}, offset unknown")
        return self.found
