"""`python -m report render` and `touched`: two checkouts, each rendered by a process of its own."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from rendering.engine import ROOT
from report.__main__ import main
from report.change import SiteChanges
from report.checkout import checkout
from report.touched import touched
from verify.finding import UnaskedError

_PROGRAM = ("__main__.py", "Pulumi.yaml", "Pulumi.local.yaml", "requirements.txt")


def _checkout(folder: Path) -> Path:
    """Make a checkout with one site."""
    folder.mkdir()
    for name in _PROGRAM:
        shutil.copy(ROOT / name, folder)
    for name in ("efd_infra", "stacks"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return _checkout(tmp_path / "base")


@pytest.fixture
def head(tmp_path: Path) -> Path:
    return _checkout(tmp_path / "head")


def test_a_danger_fails_until_the_change_approves_it(
    base: Path, head: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(
        head / "Pulumi.local.yaml", "ingestPerDay: 1Gi", "ingestPerDay: 1Gi\n        retention: 24h"
    )
    given = ["render", "--base", str(base), "--head", str(head), "--today", "2030-01-01"]
    assert main(given) == 1
    assert "**not approved** at `local`: `retention-shortened/kafka/3d-to-1d`" in (
        capsys.readouterr().out
    )
    approval = {"site": "local", "what": "retention-shortened/kafka/3d-to-1d"}
    reason = {"reason": "a laptop is full soon", "until": "2030-01-02"}
    # JSON is YAML, but for the day, which must be no text.
    text = json.dumps([approval | reason]).replace('"2030-01-02"', "2030-01-02")
    (head / "approvals.yaml").write_text(text)
    assert main(given) == 0
    assert "approved until 2030-01-02 because `a laptop is full soon`" in capsys.readouterr().out


def test_an_approval_of_before_the_change_does_not_count(
    base: Path, head: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [
        {"op": "delete", "urn": "urn:pulumi:local::efd::kubernetes:core/v1:Namespace::kafdrop"}
    ]
    preview = tmp_path / "preview.json"
    preview.write_text(json.dumps({"steps": steps, "changeSummary": {}}))
    approval = (
        "- {site: local, what: namespace-deleted/kafdrop, reason: is not used, until: 2030-01-02}"
    )
    given = ["preview", f"--site=local={preview}", "--head", str(head), "--today=2030-01-01"]
    (head / "approvals.yaml").write_text(approval)
    assert main([*given, "--base", str(base)]) == 0
    (base / "approvals.yaml").write_text(approval)
    capsys.readouterr()
    assert main([*given, "--base", str(base)]) == 1
    assert "which does not count" in capsys.readouterr().out


def test_touched_names_exactly_the_sites_of_which_something_differs(
    base: Path, head: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (base, head):
        shutil.copy(ROOT / "Pulumi.summit.yaml", folder)
    (head / "README.md").write_text("a document")
    _edit(head / "Pulumi.local.yaml", "# A whole EFD", "# Another comment: a whole EFD")
    _edit(head / "Pulumi.summit.yaml", "size: 3Ti", "size: 4Ti")
    assert main(["touched", "--base", str(base), "--head", str(head), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == ["summit"]


@pytest.mark.parametrize("name", ["requirements.txt", "Pulumi.yaml"])
def test_what_the_program_runs_with_touches_every_site_that_is_there(
    base: Path, head: Path, name: str
) -> None:
    sites = [SiteChanges(site="local"), SiteChanges(site="gone", notes=("its file goes",))]
    assert touched(sites, base, head) == []
    (head / name).write_text("something else")
    assert touched(sites, base, head) == ["local"]


def test_an_encrypted_text_that_differs_touches_its_site_and_is_never_shown(
    base: Path, head: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, cipher in ((base, "v1:before"), (head, "v1:after")):
        path = folder / "Pulumi.local.yaml"
        path.write_text(f"{path.read_text()}  efd:slackUrl: {{secure: {cipher}}}\n")
        _edit(
            path,
            "kapacitor:\n        storage",
            "kapacitor:\n        handlers: {slack: {channel: '#efd'}}\n        storage",
        )
    assert main(["render", "--base", str(base), "--head", str(head)]) == 0
    told = capsys.readouterr().out
    assert "**update** secret configuration `slackUrl` at `local`" in told
    assert "v1:" not in told
    assert "CANARY" not in told


def test_a_program_that_cannot_run_cannot_be_told(
    base: Path, head: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (head / "__main__.py").write_text("import nothing_of_this_name\n")
    assert main(["render", "--base", str(base), "--head", str(head)]) == 2
    assert "No module named 'nothing_of_this_name'" in capsys.readouterr().err


def test_a_folder_without_a_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnaskedError, match="there is no program in"), checkout(str(tmp_path), ROOT):
        pass


def test_a_revision_is_checked_out_and_removed(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    _git(repository, "init", "--quiet")
    (repository / "__main__.py").write_text("first")
    _git(repository, "add", ".")
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    _git(repository, *author, "commit", "--quiet", "--message=first")
    (repository / "__main__.py").write_text("second")
    with checkout("HEAD", repository) as tree:
        assert (tree / "__main__.py").read_text() == "first"
    assert not tree.exists()
    assert len(_git(repository, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize("name", ["no-such-revision", "--exec=touch"])
def test_what_is_neither_folder_nor_revision_is_refused(name: str) -> None:
    with pytest.raises(UnaskedError, match="no folder, and no revision"), checkout(name, ROOT):
        pass


def _git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 -- git
        ["git", "-C", str(repository), *arguments],  # noqa: S607 -- the one on the path
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout
