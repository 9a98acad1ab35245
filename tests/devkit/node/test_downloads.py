"""The mirror of release files."""

from pathlib import Path

import pytest

from devkit import images
from devkit.errors import DevkitError
from devkit.node.downloads import PORT, Downloads
from devkit.node.lan import OUTSIDE

HERE = f"http://{OUTSIDE}:{PORT}"
JAR = "jmx_prometheus_javaagent-1.0.1.jar"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was asked of Maven, which answers with a file of its own."""
    found: list[tuple[str, str]] = []

    def fetch(_cache: Path, coordinates: str, sha256: str) -> Path:
        found.append((coordinates, sha256))
        path = tmp_path / f"fetched {len(found)}"
        path.write_text(coordinates)
        return path

    monkeypatch.setattr(images, "ensure_artifact", fetch)
    return found


def test_a_file_is_offered_under_its_name(tmp_path: Path, asked: list[tuple[str, str]]) -> None:
    mirror = Downloads(tmp_path / "downloads")
    mirror.offer([(f"{HERE}/{JAR}", "ab")], tmp_path)
    assert asked == [("io.prometheus.jmx:jmx_prometheus_javaagent:1.0.1", "ab")]
    assert (mirror.folder / JAR).read_text() == asked[0][0]


def test_an_archive_is_named_with_its_kind(tmp_path: Path, asked: list[tuple[str, str]]) -> None:
    name = "debezium-connector-jdbc-3.4.3.Final-plugin.tar.gz"
    Downloads(tmp_path / "downloads").offer([(f"{HERE}/{name}", "ab")], tmp_path)
    coordinates = "io.debezium:debezium-connector-jdbc:3.4.3.Final:tar.gz:plugin"
    assert asked == [(coordinates, "ab")]


def test_offering_again_takes_the_file_of_now(tmp_path: Path, asked: list[tuple[str, str]]) -> None:
    mirror = Downloads(tmp_path / "downloads")
    for digest in ("ab", "cd"):
        mirror.offer([(f"{HERE}/{JAR}", digest)], tmp_path)
    assert len(asked) == 2
    assert (mirror.folder / JAR).resolve().name == "fetched 2"


@pytest.mark.parametrize(
    "url",
    [f"https://{OUTSIDE}:{PORT}/{JAR}", f"http://elsewhere.test/{JAR}", f"{HERE}/below/{JAR}"],
)
def test_what_is_elsewhere_is_not_ours(
    tmp_path: Path, asked: list[tuple[str, str]], url: str
) -> None:
    Downloads(tmp_path / "downloads").offer([(url, "ab")], tmp_path)
    assert asked == []


@pytest.mark.parametrize(
    "name", ["", "..", "unknown-1.0.jar", "jmx_prometheus_javaagent.jar", "a-1.zip"]
)
def test_an_unknown_file_is_refused_with_those_that_there_are(
    tmp_path: Path, asked: list[tuple[str, str]], name: str
) -> None:
    with pytest.raises(DevkitError, match="the mirror of release files has no") as refusal:
        Downloads(tmp_path / "downloads").offer([(f"{HERE}/{name}", "ab")], tmp_path)
    assert "jmx_prometheus_javaagent" in refusal.value.todo
    assert asked == []
