"""The file that a container engine imports."""

import hashlib
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from devkit.images import archive


@pytest.fixture
def layers(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "lower", tmp_path / "upper"]
    for path in paths:
        path.write_text(path.name)
    return paths


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {each.name: content.read() for each in tar if (content := tar.extractfile(each))}


def parsed(path: Path, name: str) -> Any:
    return json.loads(members(path)[name])


def test_the_layers_are_named_by_their_digests_lowest_first(
    tmp_path: Path, layers: list[Path]
) -> None:
    archive.write(tmp_path / "image", "efd.test/kafka:1", layers, {"User": "1"})
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in layers]
    (manifest,) = parsed(tmp_path / "image", "manifest.json")
    assert manifest["RepoTags"] == ["efd.test/kafka:1"]
    assert manifest["Layers"] == [f"{digest}/layer.tar" for digest in digests]
    config = parsed(tmp_path / "image", manifest["Config"])
    assert config["rootfs"]["diff_ids"] == [f"sha256:{digest}" for digest in digests]
    assert config["config"] == {"User": "1"}
    assert members(tmp_path / "image")[manifest["Layers"][1]] == b"upper"


def test_the_same_layers_give_the_same_file(tmp_path: Path, layers: list[Path]) -> None:
    for name in ("one", "other"):
        archive.write(tmp_path / name, "efd.test/kafka:1", layers, {"User": "1", "Env": []})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
