"""Which programs are used, and when they are built anew."""

from pathlib import Path

import pytest

from devkit import build
from devkit.toolchain import LANGUAGE_HOST, accepts, official_pulumi


@pytest.mark.parametrize(
    ("wanted", "found", "answer"),
    [
        (">=3.250.0 <4.0.0", "3.259.0", True),
        (">=3.250.0 <4.0.0", "3.249.9", False),
        (">=3.250.0 <4.0.0", "4.0.0", False),
        (">= 3.250.0 < 4.0.0", "3.259.0", True),
        ("<3.0.0 || >=3.259.0", "3.259.0", True),
        ("3.259.0", "3.259.0", True),
        (">=3.250.0", "not a version", False),
    ],
)
def test_an_installed_pulumi_is_used_when_the_project_accepts_it(
    wanted: str,
    found: str,
    answer: bool,  # noqa: FBT001 - the expectation
) -> None:
    assert accepts(wanted, found) is answer


def module(folder: Path) -> Path:
    (folder / "cmd").mkdir(parents=True)
    (folder / "go.mod").write_text("module m")
    (folder / "cmd" / "main.go").write_text("package main")
    return folder


def test_a_changed_source_is_built_anew(tmp_path: Path) -> None:
    source = module(tmp_path)
    before = build.key(source)
    (source / "cmd" / "main.go").write_text("package main // changed")
    assert build.key(source) != before


def test_a_changed_go_test_builds_nothing_anew(tmp_path: Path) -> None:
    source = module(tmp_path)
    before = build.key(source)
    (source / "cmd" / "main_test.go").write_text("package main")
    assert build.key(source) == before, "nobody waits for minutes because a test changed"


def installation(folder: Path, version: str, *programs: str) -> None:
    folder.mkdir()
    for name in programs:
        (folder / name).write_text(f"#!/bin/sh\necho {version}\n")
        (folder / name).chmod(0o755)


@pytest.fixture
def project_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path / "installed"))
    path = tmp_path / "Pulumi.yaml"
    path.write_text("name: efd\nrequiredPulumiVersion: '>=3.250.0 <4.0.0'\n")
    return path


def test_a_whole_installation_of_the_right_version_is_used(project_file: Path) -> None:
    folder = project_file.parent / "installed"
    installation(folder, "v3.259.0", "pulumi", *LANGUAGE_HOST)
    assert official_pulumi(project_file)["pulumi"] == folder / "pulumi"


def test_an_installation_of_another_version_is_not_used(project_file: Path) -> None:
    installation(project_file.parent / "installed", "v3.200.0", "pulumi", *LANGUAGE_HOST)
    assert official_pulumi(project_file) == {}


def test_our_own_programs_on_the_path_are_no_installation(project_file: Path) -> None:
    installation(project_file.parent / "installed", "v3.259.0", "pulumi", LANGUAGE_HOST[0])
    assert official_pulumi(project_file) == {}, "`make env` puts them there"


def test_without_an_installation_there_is_none(project_file: Path) -> None:
    assert official_pulumi(project_file) == {}
