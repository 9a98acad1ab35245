"""Work beside the rest."""

from threading import Event

from devkit.background import Background
from devkit.patience import wait_until


def test_it_is_done_again_and_again_and_not_afterwards() -> None:
    done: list[int] = []
    with Background(lambda: done.append(1), 0.001):
        assert wait_until(lambda: len(done) > 3, 5)
    count = len(done)
    assert not wait_until(lambda: len(done) > count, 0.05)


def test_the_work_in_hand_is_finished() -> None:
    begun, finished = Event(), Event()

    def work() -> None:
        begun.set()
        assert not wait_until(finished.is_set, 0.05)
        finished.set()

    with Background(work, 60):
        assert begun.wait(5)
    assert finished.is_set()
