"""The documents in the tree are those that the data make, and a command brings them there."""

import json
import shutil
from pathlib import Path

import pytest

from pages.__main__ import main
from pages.catalogue import documents
from pages.document import Document, compared, written
from rendering.engine import ROOT

MADE = documents(ROOT)


@pytest.mark.parametrize("document", MADE, ids=lambda document: document.path)
def test_a_document_is_what_the_data_say(document: Document) -> None:
    (found,) = (c for c in compared(MADE, ROOT) if c.path == document.path)
    assert found.state == "right", "run `make docs` and review the difference"


def test_there_is_no_document_that_no_site_has() -> None:
    surplus = [found.path for found in compared(MADE, ROOT) if found.state == "surplus"]
    assert surplus == [], "run `make docs`, which removes them"


def test_a_missing_a_stale_and_a_surplus_document_are_found_and_mended(tmp_path: Path) -> None:
    ours = [Document("docs/a.md", "a\n"), Document("docs/sites/b.md", "b\n")]
    (tmp_path / "docs" / "sites").mkdir(parents=True)
    (tmp_path / "docs" / "a.md").write_text("old\n")
    (tmp_path / "docs" / "sites" / "gone.svg").write_text("old\n")
    states = {c.path: c.state for c in written(ours, tmp_path)}
    assert states == {
        "docs/a.md": "stale",
        "docs/sites/b.md": "missing",
        "docs/sites/gone.svg": "surplus",
    }
    assert {c.state for c in compared(ours, tmp_path)} == {"right"}
    assert not (tmp_path / "docs" / "sites" / "gone.svg").exists()


def test_what_is_made_twice_is_the_same() -> None:
    assert documents(ROOT) == MADE


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """As much of a repository as the documents are made from, with one small site."""
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    shutil.copy(ROOT / "Pulumi.local.yaml", tmp_path)
    shutil.copy(ROOT / "__main__.py", tmp_path)
    return tmp_path


def test_the_command_writes_and_then_finds_all_right(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", "--root", str(repository)]) == 1
    assert "docs/sites/local.md" in capsys.readouterr().out
    assert not (repository / "docs" / "sites").exists(), "a check writes nothing"
    assert main(["--root", str(repository)]) == 0
    assert main(["--check", "--json", "--root", str(repository)]) == 0
    told = json.loads(capsys.readouterr().out.rpartition("\n")[2])
    assert {found["state"] for found in told} == {"right"}


def test_a_wrong_site_file_is_told_and_nothing_written(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = repository / "Pulumi.local.yaml"
    site.write_text(site.read_text().replace("name: local", "nome: local"))
    assert main(["--root", str(repository)]) == 2
    assert "nome" in capsys.readouterr().err
    assert not (repository / "docs" / "sites").exists()
