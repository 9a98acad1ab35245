"""Telegraf's companion hands it the schemas, and waits for those that are not there yet."""

import socket
import threading
import time

from tests.support.telegraf_companion import ATAOS, ATDOME, SCHEMA, Companion, Registry, wait


def test_a_schema_is_asked_for_once(companion: Companion, registry: Registry) -> None:
    wait(lambda: companion.ask("/ready")[0] == 200)
    assert [companion.ask("/schemas/ids/7") for _ in range(3)] == [(200, SCHEMA)] * 3
    assert registry.asked == ["/schemas/ids/7"]


def test_an_answer_waits_for_the_registry(companion: Companion, registry: Registry) -> None:
    """Telegraf drops a record whose schema it does not get."""
    wait(lambda: companion.ask("/ready")[0] == 200)
    registry.status = 500
    timer = threading.Timer(0.5, lambda: setattr(registry, "status", 200))
    timer.start()
    assert companion.ask("/schemas/ids/7") == (200, SCHEMA)
    timer.join()
    assert len(registry.asked) > 1


def _gauges(companion: Companion) -> dict[str, float]:
    _, text = companion.ask("/metrics")
    lines = [line for line in text.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def _wait_for_schema(companion: Companion, path: str) -> tuple[threading.Thread, list[bytes]]:
    """Ask as Telegraf does, in another thread; its answer comes into the list."""
    answers: list[bytes] = []
    thread = threading.Thread(target=lambda: answers.append(companion.ask(path)[1]))
    thread.start()
    return thread, answers


def test_a_schema_that_the_registry_does_not_know_is_waited_for(
    companion: Companion, registry: Registry
) -> None:
    """Given up, its records would be dropped: a mirrored schema may come later than they."""
    wait(lambda: companion.ask("/ready")[0] == 200)
    registry.status = 404
    thread, answers = _wait_for_schema(companion, "/schemas/ids/7")
    wait(lambda: _gauges(companion)["efd_sink_schemas_overdue"] == 1)
    assert answers == []
    assert companion.ask("/ready")[0] == 200, "a restart would lose what waits"
    registry.status = 200
    thread.join(timeout=10)
    assert answers == [SCHEMA]


def test_it_says_what_it_waits_for_and_how_long(companion: Companion, registry: Registry) -> None:
    wait(lambda: companion.ask("/ready")[0] == 200)
    assert _gauges(companion) == {
        "efd_sink_schemas_awaited": 0,
        "efd_sink_schemas_overdue": 0,
        "efd_sink_schema_longest_wait_seconds": 0,
    }
    registry.status = 404
    asked = [_wait_for_schema(companion, f"/schemas/ids/{number}") for number in (7, 7, 8)]
    wait(lambda: _gauges(companion)["efd_sink_schemas_awaited"] == 2)
    wait(lambda: _gauges(companion)["efd_sink_schema_longest_wait_seconds"] > 0.5)
    found = _gauges(companion)
    assert found["efd_sink_schema_longest_wait_seconds"] == max(
        found['efd_sink_schema_wait_seconds{id="7"}'], found['efd_sink_schema_wait_seconds{id="8"}']
    )
    registry.status = 200
    for thread, _ in asked:
        thread.join(timeout=10)
    assert _gauges(companion)["efd_sink_schemas_awaited"] == 0


def test_nobody_waits_for_a_telegraf_that_has_gone(
    companion: Companion, registry: Registry
) -> None:
    wait(lambda: companion.ask("/ready")[0] == 200)
    registry.status = 404
    with socket.create_connection(("127.0.0.1", companion.port)) as telegraf:
        telegraf.sendall(b"GET /schemas/ids/7 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait(lambda: _gauges(companion)["efd_sink_schemas_awaited"] == 1)
    wait(lambda: _gauges(companion)["efd_sink_schemas_awaited"] == 0)


def test_other_topics_are_not_added_while_a_record_waits(
    companion: Companion, registry: Registry
) -> None:
    """To read them Telegraf leaves its group, which it cannot while a record waits."""
    wait(lambda: ATAOS in companion.settings)
    registry.status = 404
    thread, _ = _wait_for_schema(companion, "/schemas/ids/7")
    wait(lambda: _gauges(companion)["efd_sink_schemas_awaited"] == 1)
    companion.has(ATAOS, ATDOME)
    time.sleep(0.5)
    assert ATDOME not in companion.settings
    assert companion.ask("/ready")[0] == 200
    registry.status = 200
    thread.join(timeout=10)
    wait(lambda: ATDOME in companion.settings)


def test_nothing_else_is_handed_on(companion: Companion, registry: Registry) -> None:
    wait(lambda: companion.ask("/ready")[0] == 200)
    assert companion.ask("/subjects")[0] == 404
    assert registry.asked == []
