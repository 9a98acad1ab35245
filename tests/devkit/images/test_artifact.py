"""A published file is taken only with the digest that is pinned."""

import hashlib
from pathlib import Path

import pytest

from devkit import images
from devkit.errors import DevkitError
from devkit.images import maven


@pytest.fixture(autouse=True)
def repository(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def copy(coordinates: str, folder: Path) -> Path:
        asked.append(coordinates)
        path = folder / "agent.jar"
        path.write_text("agent")
        return path

    monkeypatch.setattr(maven, "copy", copy)
    return asked


def test_it_is_fetched_once(tmp_path: Path, repository: list[str]) -> None:
    digest = hashlib.sha256(b"agent").hexdigest()
    paths = [images.ensure_artifact(tmp_path, "group:agent:1", digest) for _ in range(2)]
    assert [path.read_text() for path in paths] == ["agent", "agent"]
    assert repository == ["group:agent:1"]


def test_another_digest_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(DevkitError, match="has the digest"):
        images.ensure_artifact(tmp_path, "group:agent:1", "0" * 64)
    assert list((tmp_path / "images" / "artifacts").iterdir()) == []
