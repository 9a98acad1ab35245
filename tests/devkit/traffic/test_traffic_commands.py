"""`python -m devkit.traffic` as a person meets it."""

from pathlib import Path

import pytest

from devkit.traffic.__main__ import main, parser


@pytest.mark.parametrize("command", ["produce", "check", "check-kafka", "compare", "watch"])
def test_every_command_says_what_it_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    assert "--" in capsys.readouterr().out


def test_only_one_speed_is_given(tmp_path: Path) -> None:
    given = ["produce", "--bootstrap", "a:1", "--registry", "http://a", "--ledger", str(tmp_path)]
    assert parser().parse_args(given).load == 1.0
    with pytest.raises(SystemExit, match="2"):
        parser().parse_args([*given, "--rate", "5", "--full-speed"])


def test_a_file_that_is_no_ledger_is_one_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notes"
    path.write_text("hello\n")
    assert main(["check", "--influx", "http://127.0.0.1:1", "--ledger", str(path)]) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_a_missing_password_file_is_one_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["check", "--influx", "http://127.0.0.1:1", "--ledger", str(tmp_path / "none")]
    assert main([*given, "--password-file", str(tmp_path / "gone")]) == 1
    assert "gone" in capsys.readouterr().err
