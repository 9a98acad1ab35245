"""Columns of the live table."""

from array import array

import pytest

from devkit.traffic.latency import Look, Watcher
from devkit.traffic.ledger import Entries, Ledger
from devkit.traffic.sources import LATELY, lately

TOPIC = "lsst.sal.Test.scalars"
SECOND = 1_000_000


def ledger() -> Ledger:
    made = Ledger([])
    efd = array("q", [n * SECOND for n in range(1, 11)])
    made.topics[TOPIC] = Entries(1, efd=efd, produced=array("q", efd))
    return made


def watcher(*looks: tuple[float, int]) -> Watcher:
    seen = [Look(0, int(at * SECOND), {TOPIC: newest * SECOND}) for at, newest in looks]
    return Watcher(lambda: seen[0], looks=seen)


def test_every_record_of_a_batch_counts_not_only_its_newest() -> None:
    found = lately(ledger(), watcher((3.5, 3), (6.1, 6), (6.2, 6)))()
    assert found == {TOPIC: pytest.approx(1.1)}, "of 2.1 s, 1.1 s and 0.1 s"


def test_a_topic_that_has_nothing_new_has_no_latency() -> None:
    idle = [(20.0 + n, 10) for n in range(LATELY)]
    assert lately(ledger(), watcher((9.0, 8), *idle))() == {}


def test_a_topic_that_this_ledger_does_not_know_is_none_of_it() -> None:
    assert lately(Ledger([]), watcher((1.0, 1), (2.0, 2)))() == {}
