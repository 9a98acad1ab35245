"""Which record comes when."""

from collections import Counter

import pytest

from devkit.traffic import observatory
from devkit.traffic.schedule import Schedule


def test_every_topic_gets_its_rate_and_times_only_grow() -> None:
    topics = observatory.topics()
    schedule = Schedule(topics, seed=1)
    drawn: Counter[int] = Counter()
    last = 0.0
    while schedule.next[0] < 60:
        due, index = schedule.next
        assert due >= last
        last = due
        drawn[index] += 1
        schedule.advance()
    for index, topic in enumerate(topics):
        if not topic.irregular:
            assert drawn[index] == pytest.approx(60 * topic.rate, abs=1)
    irregular = [n for n, topic in enumerate(topics) if topic.irregular]
    expected = 60 * sum(topics[n].rate for n in irregular)
    assert sum(drawn[n] for n in irregular) == pytest.approx(expected, rel=0.3)
