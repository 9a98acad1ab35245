"""What a cluster still holds of what it acknowledged."""

from devkit.traffic.framing import frame
from devkit.traffic.kept import Comparison, Kept
from devkit.traffic.ledger import UNTOLD, Ledger
from tests.support.temperature import FIRST, NUMBERS, RECIPE, TOPIC, entries, stamp

PLACE = (TOPIC.name, 0)


def value(sequence: int) -> bytes:
    return frame(3) + RECIPE.encode(sequence, stamp(sequence))


def compared(held: dict[int, bytes], first: int = 0, untold: int = 0) -> Kept:
    ledger = Ledger([])
    records = entries()
    records.partition.extend(0 for _ in NUMBERS)
    records.offset.extend(UNTOLD if n == untold else n - 1 for n in NUMBERS)
    ledger.topics[TOPIC.name] = records
    comparison = Comparison(ledger)
    for offset, each in held.items():
        comparison.take(PLACE, offset, each)
    return comparison.end({PLACE: first})


def held() -> dict[int, bytes]:
    return {n - 1: value(n) for n in NUMBERS}


def test_everything_as_sent_is_complete() -> None:
    found = compared(held())
    assert found.complete
    assert (found.acknowledged, found.kept) == (20, 20)


def test_an_acknowledged_record_that_is_gone_is_lost() -> None:
    kept = held()
    del kept[6]
    found = compared(kept)
    assert found.lost.examples == [f"{TOPIC.name}-0 offset 6"]
    assert not found.complete


def test_what_retention_took_is_not_lost() -> None:
    found = compared({offset: each for offset, each in held().items() if offset >= 5}, first=5)
    assert found.complete
    assert (found.kept, found.expired) == (15, 5)


def test_another_record_at_its_place_is_a_change() -> None:
    found = compared(held() | {3: value(19)})
    assert (found.changed.count, found.kept) == (1, 19)


def test_a_record_of_nobody_is_foreign_unless_it_was_given_up() -> None:
    given_up = frame(3) + RECIPE.encode(99, FIRST)
    found = compared(held() | {20: given_up})
    assert (found.complete, found.unsure) == (True, 1)
    found = compared(held() | {20: b"written back"})
    assert found.foreign.examples == [f"{TOPIC.name}-0 offset 20"]


def test_a_record_of_which_no_offset_was_told_may_be_anywhere() -> None:
    assert compared(held(), untold=7).complete
    gone = held()
    del gone[6]
    found = compared(gone, untold=7)
    assert found.lost.examples == [f"{TOPIC.name}-0 stamp {stamp(7)}, offset unknown"]
    found = compared(held() | {6: value(19)}, untold=7)
    assert not found.complete, "another one at its place is foreign, and itself it is lost"
