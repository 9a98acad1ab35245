"""`python -m devkit` as a person meets it."""

from pathlib import Path

import pytest

from devkit.__main__ import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EFD_PROJECT_DIR", str(tmp_path))
    for name in ("EFD_SITE_DIR", "EFD_DEVKIT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize("command", ["up", "preview", "env"])
def test_a_mistyped_site_is_one_error_and_touches_nothing(
    project: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--site", "sumit"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: there is no site 'sumit'")
    assert error.count("\n") == 2, "what is wrong, and what to do"
    assert not (project / ".devkit" / "clusters").exists()


@pytest.mark.parametrize("command", ["down", "status", "clean"])
def test_where_nothing_was_started_nothing_is_wrong(project: Path, command: str) -> None:
    assert main([command]) == 0
    assert not list(project.iterdir())
