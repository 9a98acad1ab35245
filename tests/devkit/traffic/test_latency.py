"""Latency and rates from a ledger and what was seen when."""

import itertools
import math
from array import array

import pytest

from devkit.errors import DevkitError
from devkit.patience import wait_until
from devkit.traffic import latency
from devkit.traffic.latency import Look, Watcher, percentile
from devkit.traffic.ledger import Entries, Ledger

TOPIC = "lsst.sal.Test.scalars"
SECOND = 1_000_000


def ledger(count: int = 10) -> Ledger:
    """A record each second from 1 s on, acknowledged after 5 ms."""
    made = Ledger([])
    efd = array("q", [n * SECOND for n in range(1, count + 1)])
    made.topics[TOPIC] = Entries(
        1,
        array("q", range(1, count + 1)),
        efd,
        produced=array("q", efd),
        acknowledged=array("q", [each + 5000 for each in efd]),
    )
    return made


def look(at: float, newest: int | None, took: float = 0.01) -> Look:
    seen = {} if newest is None else {TOPIC: newest * SECOND}
    return Look(int((at - took) * SECOND), int(at * SECOND), seen)


def test_a_latency_lies_between_the_look_before_and_the_one_that_saw_it() -> None:
    found = latency.latency(ledger(), [look(1.2, None), look(1.3, 1), look(2.2, 1), look(2.4, 2)])
    assert found.samples == 2
    assert (found.median, found.worst) == pytest.approx((0.3, 0.4))
    assert found.error == pytest.approx(0.11), "from 1.19 s, when it was asked, to 1.3 s"


def test_records_that_were_seen_at_first_sight_are_no_samples() -> None:
    found = latency.latency(ledger(), [look(9.5, 9), look(10.1, 10)])
    assert found.samples == 1
    assert found.error == pytest.approx(0.1), "it was not there before it was made"


def test_every_record_of_a_batch_counts_not_only_the_newest() -> None:
    found = latency.latency(ledger(), [look(1.0, None), look(10.0, 10)])
    assert found.samples == 10
    assert (found.median, found.p99) == pytest.approx((4.0, 9.0))


def test_a_newest_point_that_goes_back_is_not_counted_twice() -> None:
    looks = [look(1.5, None), look(3.1, 3), look(3.2, 2), look(4.5, 3)]
    assert latency.latency(ledger(), looks).samples == 3


def test_without_samples_nothing_is_claimed() -> None:
    found = latency.latency(ledger(), [])
    assert math.isnan(found.median)
    assert str(found) == "latency: no samples"


@pytest.mark.parametrize(
    ("percent", "value"), [(50, 50), (99, 99), (100, 100), (0, 1), (99.5, 100)]
)
def test_a_percentile_is_a_value_that_occurred(percent: float, value: int) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], percent) == value


def test_the_rate_of_arrival_is_that_of_the_time_when_points_came() -> None:
    looks = [look(0, None), look(5, None), look(6, 4), look(7, 8), look(99, 8)]
    rate = latency.filled_rate(ledger(), looks)
    assert rate.records == 8
    assert rate.per_second == pytest.approx(4.0)
    assert latency.filled_rate(ledger(), []).per_second == 0


def test_the_rate_of_production_lasts_to_the_last_acknowledgement() -> None:
    rate = latency.produced_rate(ledger())
    assert rate.records == 10
    assert rate.seconds == pytest.approx(9.005)


def test_a_watcher_outlives_a_server_that_does_not_answer() -> None:
    answers = iter([look(1, 1), None, look(2, 2)])

    def ask() -> Look:
        answer = next(answers, look(3, 3))
        if answer is None:
            raise DevkitError("no answer")
        return answer

    with Watcher(ask, interval=0.001) as watcher:
        assert wait_until(lambda: len(watcher.looks) > 2, 5)
    assert watcher.failures == 1
    assert [each.answered // SECOND for each in watcher.looks[:3]] == [1, 2, 3]


def test_a_watcher_without_an_end_keeps_the_newest_looks_only() -> None:
    numbers = itertools.count(1)

    def ask() -> Look:
        number = next(numbers)
        return look(number, number)

    with Watcher(ask, interval=0.0, keep=3) as watcher:
        assert wait_until(lambda: next(numbers) > 20, 5, 0.001)
    assert len(watcher.looks) == 3
