"""The state of services beside InfluxDB, from servers that answer as they do."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from efd_infra.artifacts.backup.bolt import BrokenFileError
from efd_infra.artifacts.backup.folder import Folder
from efd_infra.artifacts.backup.services import services
from tests.support.loopback import serving

_ANSWERS: dict[str, Any] = {
    "/connectors?expand=info": {"sink": {"info": {"config": {"name": "sink"}}}},
    "/kapacitor/v1/storage/backup": "no database",
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answer = _ANSWERS.get(self.path)
        self.send_response(200 if answer else 404)
        self.end_headers()
        self.wfile.write(json.dumps(answer or {"error_code": 40408}).encode())


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(_Handler) as address:
        yield address


def test_what_a_site_does_not_have_is_not_asked() -> None:
    assert list(services({})) == []


def test_files_are_named_with_their_digests(url: str, tmp_path: Path) -> None:
    (service,) = services({"CONNECT_URL": url})
    item = service.store(Folder(tmp_path), "state/now/")
    assert (item["what"], item["file"]) == ("connectors", "state/now/connectors.json")
    kept = (tmp_path / item["file"]).read_bytes()
    assert json.loads(kept) == _ANSWERS["/connectors?expand=info"]
    assert item["bytes"] == len(kept)


def test_an_answer_that_is_no_database_is_not_kept_as_one(url: str, tmp_path: Path) -> None:
    (service,) = services({"KAPACITOR_URL": url})
    with pytest.raises(BrokenFileError):
        service.store(Folder(tmp_path), "state/now/")
    assert list(tmp_path.iterdir()) == []
