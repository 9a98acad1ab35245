"""Putting back what is not points: what is looked at first, and what is written then."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from efd_infra.artifacts.backup import brokers, copies, put_back
from efd_infra.artifacts.backup.destination import DamagedError, put
from efd_infra.artifacts.backup.door import Door, adopt
from efd_infra.artifacts.backup.folder import Folder
from tests.support.bolt import bolt
from tests.support.loopback import free_port, serving

_SINK = {"name": "sink", "topics.regex": "a"}


def _record(subject: str, number: int, schema: str = '"long"', *, version: int = 1) -> Any:
    key = {"keytype": "SCHEMA", "subject": subject, "version": version, "magic": 1}
    value = {"subject": subject, "version": version, "id": number, "schema": schema}
    return {"key": json.dumps(key), "value": json.dumps(value), "headers": []}


def _schemas(
    monkeypatch: pytest.MonkeyPatch, there: list[Any], saved: list[Any]
) -> tuple[put_back.Plan, list[Any]]:
    """Return the plan for a registry that has ``there``, and what it wrote."""
    written: list[Any] = []
    monkeypatch.setattr(brokers, "schemas", lambda *_: there)
    monkeypatch.setattr(brokers, "append", lambda _, __, records: written.extend(records))
    plan = put_back.schemas({}, "_schemas", json.dumps(saved).encode())
    plan.carry_out()
    return plan, written


def test_only_schemas_that_are_gone_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = [_record("a-value", 1), _record("b-value", 2, '"int"')]
    plan, written = _schemas(monkeypatch, saved[:1], saved)
    assert (plan.refused, plan.overwrites, written) == ([], [], saved[1:])
    assert plan.says == ["1 of 2 records of the registry's storage are written"]


def test_an_id_is_never_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """One schema may have many subjects, which is no clash."""
    there = [_record("new-value", 1, '"string"'), _record("shared-value", 2)]
    saved = [_record("a-value", 1), _record("b-value", 2)]
    plan, _ = _schemas(monkeypatch, there, saved)
    assert plan.refused == ["id 1 is another schema now, of new-value"]


def test_a_schema_that_was_changed_is_overwritten_only_by_who_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Deleted since, for example."""
    saved = _record("a-value", 1)
    value = json.dumps({**json.loads(saved["value"]), "deleted": True})
    plan, written = _schemas(monkeypatch, [{**saved, "value": value}], [saved])
    assert plan.refused == []
    assert plan.overwrites == [f"{saved['key']} is another one now"]
    assert written == [saved]


def test_topics_that_are_there_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"partitions": 1, "replicas": 3, "settings": {}}
    more = {**one, "partitions": 2}
    made: dict[str, Any] = {}
    monkeypatch.setattr(brokers, "topics", lambda _: {"a": one, "b": one})
    monkeypatch.setattr(brokers, "make", lambda _, topics: made.update(topics))
    saved = {"a": one, "b": more, "c": more, "__consumer_offsets": more}
    plan = put_back.topics({}, json.dumps(saved).encode())
    plan.carry_out()
    assert made == {"c": more}, "Kafka makes its own"
    assert [line.partition(":")[0] for line in plan.says] == [
        "b stays as it is",
        "1 of 3 are made",
    ]


class _Connect(BaseHTTPRequestHandler):
    put: list[tuple[str, Any]]

    def do_GET(self) -> None:
        self._answer({"sink": {"info": {"config": {**_SINK, "topics.regex": "b"}}}})

    def do_PUT(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"]))
        self.put.append((self.path, json.loads(text)))
        self._answer({})

    def _answer(self, said: Any) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())


def test_connectors_that_are_gone_are_made_and_others_stay() -> None:
    _Connect.put = []
    saved = {"sink": {"info": {"config": _SINK}}, "by/hand": {"info": {"config": {"name": "h"}}}}
    with serving(_Connect) as url:
        plan = put_back.connect({"CONNECT_URL": url}, json.dumps(saved).encode())
        assert _Connect.put == [], "nothing is touched before"
        plan.carry_out()
    assert _Connect.put == [("/connectors/by%2Fhand/config", {"name": "h"})]
    assert plan.says == ["sink stays as it is", "1 of 2 are made"]


@contextmanager
def _door(folder: Path) -> Iterator[dict[str, str]]:
    """Stand a door before a server's file; give what a restore is told."""
    for purpose in ("backup", "restore"):
        (folder / purpose).mkdir()
        (folder / purpose / "key").write_text(purpose * 8)
    port = free_port()
    with Door(
        {"PORT": str(port), "KEYS_DIR": str(folder), "FILE": str(folder / "server.db")}
    ) as door:
        threading.Thread(target=door.serve_forever, args=(0.05,), daemon=True).start()
        yield {
            "KAPACITOR_DOOR": f"127.0.0.1:{port}",
            "DOOR_KEY": str(folder / "restore" / "key"),
        }
        door.shutdown()


def test_a_server_takes_up_its_file_at_its_next_start(tmp_path: Path) -> None:
    file = tmp_path / "server.db"
    file.write_bytes(b"what it has open")
    saved = bolt(5)
    with _door(tmp_path) as told:
        plan = put_back.KINDS["kapacitor"].plan(told, saved)
        assert plan.overwrites == ["it has a file of its own, and can have only one"]
        plan.carry_out()
    assert file.read_bytes() == b"what it has open"
    adopt(file)
    assert file.read_bytes() == saved
    assert (tmp_path / "server.db.replaced").read_bytes() == b"what it has open"
    adopt(file)
    assert file.read_bytes() == saved, "only once"


def test_a_start_that_was_killed_between_two_steps_goes_on(tmp_path: Path) -> None:
    (tmp_path / "server.db.restored").write_bytes(b"new")
    (tmp_path / "server.db.replaced").write_bytes(b"old")
    adopt(tmp_path / "server.db")
    assert (tmp_path / "server.db").read_bytes() == b"new"
    assert (tmp_path / "server.db.replaced").read_bytes() == b"old"


def test_the_key_of_the_backup_replaces_no_file(tmp_path: Path) -> None:
    with _door(tmp_path) as told:
        told["DOOR_KEY"] = str(tmp_path / "backup" / "key")
        plan = put_back.KINDS["kapacitor"].plan(told, bolt(5))
        with pytest.raises((ConnectionError, socket.timeout)):
            plan.carry_out()
    assert not list(tmp_path.glob("server.db*"))


def _copy(folder: Folder, **state: bytes) -> copies.Copy:
    kept = [
        {"what": what, "file": what, "sha256": put(folder, what, data), "bytes": len(data)}
        for what, data in state.items()
    ]
    return copies.write(folder, "now", {"taken": 0.0, "shards": [], "state": kept})


def test_what_a_copy_or_a_site_does_not_have_is_refused(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    copy = _copy(folder, topics=b"{}")
    with pytest.raises(DamagedError, match="copy now has no schemas; it has topics"):
        list(put_back.plans(folder, copy, ["schemas"], {"SCHEMAS_TOPIC": "_schemas"}))
    with pytest.raises(DamagedError, match="the site has no topics"):
        list(put_back.plans(folder, copy, ["topics"], {}))


def test_what_was_changed_since_it_was_kept_is_refused(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    copy = _copy(folder, connectors=b"{}")
    put(folder, "connectors", b'{"other": 1}')
    with pytest.raises(DamagedError, match="connectors is damaged"):
        list(put_back.plans(folder, copy, ["connectors"], {"CONNECT_URL": "http://127.0.0.1:1"}))
