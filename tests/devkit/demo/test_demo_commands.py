"""`python -m devkit.demo` where there is no demo."""

from pathlib import Path

import pytest

from devkit.demo.__main__ import INSIDE, main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sites = tmp_path / "sites"
    sites.mkdir()
    (sites / "Pulumi.e2e-summit.yaml").write_text("config: {}\n")
    monkeypatch.setenv("EFD_SITE_DIR", str(sites))
    monkeypatch.setenv("EFD_DEVKIT_DIR", str(tmp_path / "home"))
    monkeypatch.setattr("devkit.demo.demo.why_not", lambda: None)
    return tmp_path / "home"


@pytest.mark.parametrize("command", [*INSIDE, "down"])
def test_every_command_says_what_it_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    assert "-h" in capsys.readouterr().out


@pytest.mark.parametrize("command", sorted({*INSIDE} - {"show"}))
def test_where_it_does_not_run_one_line_says_so(
    home: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command]) == 1
    said = capsys.readouterr().err
    assert said == "error: the demo is not running: `make demo` starts it\n"
    assert not home.exists()


@pytest.mark.parametrize("command", [*INSIDE, "down"])
@pytest.mark.parametrize("reason", ["it needs Linux, and this is darwin", "it needs root, for …"])
def test_where_it_cannot_be_one_line_says_why(
    home: Path,
    command: str,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("devkit.demo.demo.why_not", lambda: reason)
    assert main([command]) == 1
    assert capsys.readouterr().err == f"error: the demo cannot run here: {reason}\n"
    assert not home.exists()


def test_down_leaves_a_folder_alone_that_is_no_demo_s(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "clusters" / "local").mkdir(parents=True)
    assert main(["down"]) == 0
    assert capsys.readouterr().out == "no demo was running\n"
    assert (home / "clusters" / "local").exists()


def test_down_removes_everything_of_a_demo_that_died(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "enclosure").mkdir(parents=True)
    (home / "facts.json").write_text("{}")
    assert main(["down"]) == 0
    assert capsys.readouterr().out == "the demo has ended; nothing of it is left\n"
    assert not home.exists()
