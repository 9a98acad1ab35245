"""Processes that outlive their starter, here with real ones."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit import daemon
from devkit.daemon import Daemon, started

SLEEP = ["/bin/sleep", "60"]


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Daemon]:
    each = Daemon("sleeper", tmp_path)
    yield each
    each.stop()


def test_a_started_process_is_found_again_by_its_pid_file(sleeper: Daemon, tmp_path: Path) -> None:
    sleeper.start(SLEEP, {})
    assert Daemon("sleeper", tmp_path).pid() == sleeper.pid() is not None


def test_starting_twice_starts_once(sleeper: Daemon) -> None:
    sleeper.start(SLEEP, {})
    first = sleeper.pid()
    sleeper.start(SLEEP, {})
    assert sleeper.pid() == first


def test_a_stopped_process_is_gone(sleeper: Daemon) -> None:
    sleeper.start(SLEEP, {})
    pid = sleeper.pid()
    assert pid is not None
    assert sleeper.stop()
    assert started(pid) is None
    assert not sleeper.stop(), "there is nothing left to stop"


def test_a_process_with_a_recycled_id_is_left_alone(sleeper: Daemon) -> None:
    with subprocess.Popen(SLEEP) as stranger:  # noqa: S603 - a constant
        sleeper.pid_file.write_text(f"{stranger.pid} some-earlier-boot/17")
        assert sleeper.pid() is None
        sleeper.stop()
        assert stranger.poll() is None, "a process that we did not start must not be ended"
        stranger.kill()


def test_a_process_that_will_not_end_is_ended(
    sleeper: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "PATIENCE", 0.3)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True)"
    sleeper.start([sys.executable, "-c", f"{deaf}; time.sleep(60)"], dict(os.environ))
    while not sleeper.log.read_bytes():
        time.sleep(0.01)
    assert sleeper.stop()
    assert sleeper.pid() is None


def test_what_a_process_says_is_in_its_log(sleeper: Daemon) -> None:
    sleeper.start(["/bin/sh", "-c", "echo first; echo last"], {})
    while sleeper.pid():
        time.sleep(0.01)
    assert sleeper.last_words(1) == "last"


def test_a_pid_file_that_is_not_one_means_that_nothing_runs(sleeper: Daemon) -> None:
    sleeper.pid_file.write_text("")
    assert sleeper.pid() is None
