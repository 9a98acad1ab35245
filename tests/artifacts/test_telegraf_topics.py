"""Telegraf's companion tells it its topics."""

import signal
import time

from tests.support.telegraf_companion import ATAOS, ATDOME, Companion, wait


def test_wanted_topics_are_written_by_name(companion: Companion) -> None:
    """Whole names match, as with Connect's manager; what is excluded is never read."""
    wait(lambda: companion.ask("/ready")[0] == 200)
    assert companion.settings == f'[[consumer]]\nbrokers = []\ntopics = ["{ATAOS}"]\n'


def test_a_new_topic_is_added_and_a_deleted_one_goes(companion: Companion) -> None:
    """A consumer that asked for a deleted topic would make it again."""
    wait(lambda: ATAOS in companion.settings)
    companion.has(ATAOS, ATDOME)
    wait(lambda: f'topics = ["{ATAOS}", "{ATDOME}"]' in companion.settings)
    companion.has(ATDOME)
    wait(lambda: f'topics = ["{ATDOME}"]' in companion.settings)


def test_the_file_stays_the_same_while_nothing_changes(companion: Companion) -> None:
    """Each new file makes Telegraf leave its group and join it again."""
    wait(lambda: ATAOS in companion.settings)
    before = (companion.folder / "consumer.conf").stat()
    time.sleep(0.5)
    after = (companion.folder / "consumer.conf").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_without_topics_there_is_no_consumer(companion: Companion) -> None:
    companion.has("_schemas")
    wait(lambda: companion.settings.startswith("#"))
    assert "consumer]" not in companion.settings


def test_brokers_that_do_not_answer_change_nothing(companion: Companion) -> None:
    wait(lambda: ATAOS in companion.settings)
    companion.has(None)
    time.sleep(0.5)
    assert ATAOS in companion.settings
    assert companion.process.poll() is None
    companion.has(ATAOS, ATDOME)
    wait(lambda: ATDOME in companion.settings)


def test_it_stops_when_asked(companion: Companion) -> None:
    wait(lambda: companion.ask("/ready")[0] == 200)
    companion.process.send_signal(signal.SIGTERM)
    assert companion.process.wait(timeout=5) == 0
