"""What the programs of backup and restore decide, without a server."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from efd_infra.artifacts.backup import points
from efd_infra.artifacts.backup.bolt import BrokenFileError, check
from efd_infra.artifacts.backup.census import Census, Stretch, differences
from efd_infra.artifacts.backup.destination import DamagedError
from efd_infra.artifacts.backup.influx import Influx
from efd_infra.artifacts.backup.rehearse import order
from efd_infra.artifacts.backup.snapshots import Throttle
from efd_infra.artifacts.backup.take import fingerprint
from efd_infra.artifacts.backup.window import OverError, Window
from efd_infra.manifests.backup import PROGRAMS
from tests.support.backup_pods import ARTIFACTS
from tests.support.bolt import bolt
from tests.support.loopback import free_port


def test_the_pods_get_every_module() -> None:
    assert set(PROGRAMS) == {path.name for path in (ARTIFACTS / "backup").glob("*.py")}


def _entry(policy: str, start: int) -> dict[str, Any]:
    return {"database": "efd", "policy": policy, "start": start, "end": start + 1}


def test_a_rehearsal_begins_with_the_newest_and_the_others_take_turns() -> None:
    entries = [_entry("autogen", n) for n in range(4)] + [_entry("low", 0)]

    def starts(turn: int) -> list[tuple[str, int]]:
        return [(each["policy"], each["start"]) for each in order(entries, turn)]

    newest = [("autogen", 3), ("low", 0)]
    assert starts(0) == [*newest, ("autogen", 0), ("autogen", 1), ("autogen", 2)]
    assert starts(4) == [*newest, ("autogen", 1), ("autogen", 2), ("autogen", 0)]


def test_late_points_are_no_difference_where_a_shard_was_still_written() -> None:
    one: Census = {"m": {"fields": {"a": 5}, "sha256": "x"}}
    more: Census = {"m": {"fields": {"a": 6, "b": 1}, "sha256": "y"}, "n": {"fields": {"c": 1}}}
    assert list(differences(one, more, exactly=False)) == []
    assert list(differences(one, more, exactly=True)) == [
        "m: 6 points of a, not 5",
        "m: 1 points of b, not 0",
        "n: 1 points of c, not 0",
    ]
    assert list(differences(more, one, exactly=False)) == [
        "m: 5 points of a, not 6",
        "m: 0 points of b, not 1",
        "n: 0 points of c, not 1",
    ]


def test_other_points_of_the_same_number_are_a_difference() -> None:
    one: Census = {"m": {"fields": {"a": 5}, "sha256": "x"}}
    other: Census = {"m": {"fields": {"a": 5}, "sha256": "y"}}
    assert list(differences(one, other, exactly=True)) == ["m: as many points, but others"]


def test_a_shard_that_is_longer_than_a_day_s_time_is_refused_for_ever() -> None:
    now = time.monotonic()
    window = Window(now - 90, now + 10)
    window.take(5, "a shard")
    with pytest.raises(OverError, match="a shard and later ones must wait"):
        window.take(20, "a shard")
    with pytest.raises(OverError, match="takes 200 s, and there are 100 s a day"):
        window.take(200, "a shard")


def test_reading_is_held_back() -> None:
    throttle, began = Throttle(1000), time.monotonic()
    for _ in range(4):
        throttle.passed(100)
    assert 0.3 < time.monotonic() - began < 2


def test_any_change_of_a_file_is_another_state() -> None:
    files = {"1.tsm": [10, 1], "2.tsm": [20, 2]}
    states = [files, {**files, "1.tsm": [10, 2]}, {**files, "1.tsm": [11, 1]}, {"1.tsm": [10, 1]}]
    assert len({fingerprint(state) for state in states}) == 4
    assert fingerprint(dict(reversed(files.items()))) == fingerprint(files)


def _chosen(kept: int = -points.FOREVER, **asked: str) -> list[Stretch]:
    day = 86_400 * 10**9
    entries = [
        {"database": database, "policy": "autogen", "start": n * day, "end": (n + 1) * day}
        for database in ("efd", "telegraf")
        for n in range(3)
    ]
    places = {("efd", "autogen"): kept, ("telegraf", "autogen"): kept}
    return [stretch for _, stretch in points.chosen(entries, asked, places)]


def test_a_restore_takes_everything_that_the_server_still_keeps() -> None:
    assert len(_chosen()) == 6
    assert len(_chosen(kept=86_400 * 10**9)) == 4, "it would drop the first day's points"


def test_a_restore_of_some_hours_takes_a_part_of_a_shard() -> None:
    (found,) = _chosen(
        DATABASE="efd", SINCE="1970-01-02T06:00:00Z", UNTIL="1970-01-02T07:00:00+00:00"
    )
    assert (found.start, found.end) == (30 * 3600 * 10**9, 31 * 3600 * 10**9)


def test_a_restore_into_a_policy_that_is_not_there_is_refused() -> None:
    entry = {"database": "efd", "policy": "low", "start": 0, "end": 1}
    with pytest.raises(DamagedError, match="no policy low of a database efd"):
        list(points.chosen([entry], {}, {}))


@pytest.mark.parametrize("size", [4096, 16384])
def test_a_database_of_dashboards_that_is_whole_is_taken(size: int) -> None:
    check(bolt(5, size))


def test_a_part_of_a_database_of_dashboards_is_refused() -> None:
    data = bolt(5)
    with pytest.raises(BrokenFileError, match="16384 bytes of 20480"):
        check(data[:16384])
    with pytest.raises(BrokenFileError, match="no valid head"):
        check(b"<html>sign in</html>" * 1000)
    # One of two heads may be on its way to the disk: the other one is the database.
    check(data[:100] + bytes(1) + data[101:])


def test_a_pod_waits_for_a_server_that_network_policies_do_not_let_it_reach_yet() -> None:
    port = free_port()
    influx = Influx(f"http://127.0.0.1:{port}")
    assert not influx.answers()

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- given
            """Keep the tests' output for tests."""

    def serve() -> None:
        with HTTPServer(("127.0.0.1", port), Server) as server:
            server.handle_request()

    later = threading.Timer(1, serve)
    later.start()
    influx.wait()
    later.join(10)
    assert not later.is_alive(), "it was asked"
