"""The account of what arrived, with answers as InfluxDB gives them."""

from array import array
from collections.abc import Callable
from typing import Any

import pytest

from devkit.traffic import arrivals, points
from devkit.traffic.account import Account
from devkit.traffic.influx import microseconds
from devkit.traffic.ledger import Entries
from tests.support.temperature import (
    FIRST,
    NUMBERS,
    RECIPE,
    TOPIC,
    Point,
    answer,
    entries,
    sent,
    stamp,
)


def compared(found: list[Point]) -> Account:
    account = Account(TOPIC.name, len(NUMBERS))
    records = entries()
    series = [answer(found)] if found else []
    arrivals.Comparison(RECIPE, account, records).compare(records.efd, records.sequence, series)
    return account


def test_what_was_sent_is_complete() -> None:
    account = compared(sent())
    assert account.complete
    assert (account.arrived, account.missing.count) == (20, 0)


def test_a_stamp_beside_the_microsecond_by_less_than_half_is_that_microsecond() -> None:
    assert compared([(time - 119, fields) for time, fields in sent()]).complete
    assert not compared([(time + 1000, fields) for time, fields in sent()]).complete


@pytest.mark.parametrize("gone", [0, 7, 19])
def test_a_missing_point_is_named(gone: int) -> None:
    found = sent()
    del found[gone]
    account = compared(found)
    assert account.missing.examples == [f"number {gone + 1} of {stamp(gone + 1)} µs"]
    assert (account.arrived, account.extra.count, account.wrong.count) == (19, 0, 0)


def test_nothing_at_all_is_all_missing() -> None:
    account = compared([])
    assert (account.missing.count, len(account.missing.examples)) == (20, 5)


@pytest.mark.parametrize(
    "name", ["location", "temperatureItem3", "private_seqNum", "private_rcvStamp"]
)
@pytest.mark.parametrize("change", [lambda _: None, lambda value: value * 2], ids=["gone", "other"])
def test_a_wrong_field_is_named(name: str, change: Callable[[Any], Any]) -> None:
    found = sent()
    at = next(n for n, (_, fields) in enumerate(found) if fields.get(name))
    fields = found[at][1]
    fields[name] = change(fields[name])
    account = compared(found)
    assert account.wrong.count == 1
    assert name in account.wrong.examples[0]
    assert account.arrived == 20


def test_a_field_that_nobody_sent_is_wrong() -> None:
    found = sent()
    found[4][1]["host"] = "telegraf-0"
    account = compared(found)
    assert account.wrong.count == 1
    assert "host: 'telegraf-0' where None" in account.wrong.examples[0]


def test_a_field_that_is_nowhere_is_missed_everywhere() -> None:
    found = sent()
    for _, fields in found:
        del fields["private_origin"]
    assert compared(found).wrong.count == 20


def test_nan_as_a_number_is_wrong() -> None:
    found = sent()
    fields, name = next(
        (fields, f"temperatureItem{n}")
        for _, fields in found
        for n in range(16)
        if f"temperatureItem{n}" not in fields
    )
    fields[name] = 0.0
    assert name in compared(found).wrong.examples[0]


def test_a_point_that_nobody_sent_is_extra_unless_its_record_was_given_up() -> None:
    found = [(FIRST * 1000, {"private_seqNum": 0}), *sent()]
    account = compared(found)
    assert (account.complete, account.unsure) == (True, 1)
    account = compared([*found, ((FIRST + 10**6) * 1000, {"private_seqNum": 0})])
    assert account.extra.examples == [f"a point at {FIRST + 10**6} µs"]
    assert not account.complete


def test_two_records_of_one_microsecond_are_one_lost() -> None:
    account = Account(TOPIC.name, 2)
    both = Entries(5, array("q", [1, 2]), array("q", [stamp(1), stamp(1)]))
    arrivals.Comparison(RECIPE, account, both).compare(
        both.efd, both.sequence, [answer(sent()[:1])]
    )
    assert (account.arrived, account.missing.count) == (1, 1)


def test_slices_cover_all_time_once() -> None:
    cut = list(arrivals.slices(entries(), 8))
    assert [len(efd) for efd, *_ in cut] == [8, 8, 4]
    bounds = [(since, until) for *_, since, until in cut]
    assert bounds == [(None, stamp(9)), (stamp(9), stamp(17)), (stamp(17), None)]
    assert [(since, until) for *_, since, until in arrivals.slices(Entries(1), 8)] == [(None, None)]


def test_slices_are_in_order_of_time_whatever_the_order_of_acknowledgement() -> None:
    mixed = Entries(5, array("q", [2, 1, 3]), array("q", [20, 10, 30]))
    ((efd, sequence, *_),) = arrivals.slices(mixed, 8)
    assert (list(efd), list(sequence)) == ([10, 20, 30], [1, 2, 3])


def test_nanoseconds_are_rounded() -> None:
    assert [microseconds(each) for each in (1499, 1500, 1000, 2499)] == [1, 2, 1, 2]


def test_another_separator_numbers_arrays_with_it() -> None:
    flat = points.flat({"force": [1.0, float("nan"), 3.0], "state": 2}, "_")
    assert flat == {"force_0": 1.0, "force_2": 3.0, "state": 2}
