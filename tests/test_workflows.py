"""Every workflow: what it runs is pinned, what it may do is little, and a fork gets no secret."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from rendering.engine import ROOT

_FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(_FOLDER.glob("*.y*ml"))
EACH = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)

_PINNED = re.compile(r"uses:\s+[\w.-]+/[\w./-]+@[0-9a-f]{40}\s+#\s*v\d+(\.\d+)*\s*$")
_LOCAL = re.compile(r"uses:\s+\./")
_FOREIGN_TEXT = re.compile(
    r"\$\{\{[^}]*\bgithub\.(event|head_ref|ref_name|actor|triggering_actor)\b"
)
"""Expressions whose text a stranger may choose; a shell would run what he writes."""
_SECRET = re.compile(r"\$\{\{[^}]*\bsecrets\b")
_OWN_TOKEN = re.compile(r"\bsecrets\.GITHUB_TOKEN\b")
_OWN_BRANCH = "github.event.pull_request.head.repo.full_name == github.repository"
_HEAD = re.compile(r"head_sha|head_ref|head_branch|head\.(sha|ref)|head_commit|pull/")


@dataclass(frozen=True)
class _Job:
    name: str
    data: dict[str, Any]

    @property
    def text(self) -> str:
        return yaml.safe_dump(self.data)

    @property
    def steps(self) -> list[dict[str, Any]]:
        return self.data.get("steps") or []

    @property
    def has_secrets(self) -> bool:
        used = _SECRET.search(_OWN_TOKEN.sub("", self.text))
        return bool(used) or "environment" in self.data or self.data.get("secrets") == "inherit"

    @property
    def is_for_own_branches(self) -> bool:
        return _OWN_BRANCH in str(self.data.get("if", ""))


def _read(path: Path) -> dict[Any, Any]:
    document: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def _events(document: dict[Any, Any]) -> set[str]:
    told = document[True]  # YAML 1.1 takes the word on for yes
    return {told} if isinstance(told, str) else set(told)


def _jobs(document: dict[Any, Any]) -> list[_Job]:
    return [_Job(name, data) for name, data in document["jobs"].items()]


def _scripts(document: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    for job in _jobs(document):
        for step in job.steps:
            for script in (step.get("run"), (step.get("with") or {}).get("script")):
                if script:
                    yield job.name, str(script)


def _writes(permissions: Any) -> set[str]:
    if isinstance(permissions, str):
        return {permissions} - {"read-all"}
    return {name for name, level in (permissions or {}).items() if level == "write"}


def test_there_are_workflows() -> None:
    assert {"check.yaml", "preview.yaml", "comment.yaml"} <= {path.name for path in WORKFLOWS}


@EACH
def test_every_action_is_pinned_by_a_commit_and_says_its_version(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    unpinned = [line for line in lines if not _PINNED.search(line) and not _LOCAL.search(line)]
    assert unpinned == []


@EACH
def test_a_workflow_may_do_nothing_and_its_jobs_ask_for_what_they_need(path: Path) -> None:
    document = _read(path)
    assert "permissions" in document, "without the line it may do what the repository allows"
    assert document["permissions"] is not None
    assert _writes(document["permissions"]) == set()
    for job in _jobs(document):
        assert "write-all" not in str(job.data.get("permissions"))


@EACH
def test_no_script_is_put_together_from_a_stranger_s_text(path: Path) -> None:
    document = _read(path)
    wrong = [(job, script) for job, script in _scripts(document) if _FOREIGN_TEXT.search(script)]
    assert wrong == []


@EACH
def test_a_job_that_runs_a_fork_s_code_has_no_secret_and_writes_nothing(path: Path) -> None:
    document = _read(path)
    if "pull_request" not in _events(document):
        return
    for job in _jobs(document):
        if job.is_for_own_branches or "github.event_name == 'push'" in str(job.data.get("if", "")):
            continue
        assert not job.has_secrets, f"{job.name} would give a secret to a fork"
        # GitHub gives a fork's run a token that reads, whatever is asked for: packages of a job
        # that tests requests and publishes tags are the one thing that is asked for.
        asked = _writes(job.data.get("permissions", document["permissions"]))
        assert asked <= {"packages"}, f"{job.name} asks for {asked}"


@EACH
def test_nothing_runs_a_request_s_code_with_the_rights_of_the_repository(path: Path) -> None:
    document = _read(path)
    events = _events(document)
    assert "pull_request_target" not in events
    if not events & {"workflow_run", "issue_comment"}:
        return
    for job in _jobs(document):
        for step in job.steps:
            if str(step.get("uses", "")).startswith("actions/checkout@"):
                assert not _HEAD.search(str((step.get("with") or {}).get("ref", "")))
                repository = str((step.get("with") or {}).get("repository", ""))
                assert "event" not in repository


@EACH
def test_no_checkout_leaves_a_token_behind(path: Path) -> None:
    for job in _jobs(_read(path)):
        for step in job.steps:
            if str(step.get("uses", "")).startswith("actions/checkout@") and not _writes(
                job.data.get("permissions")
            ) & {"contents"}:
                assert step["with"]["persist-credentials"] is False, job.name


@EACH
def test_every_job_ends_some_time(path: Path) -> None:
    without = [job.name for job in _jobs(_read(path)) if "timeout-minutes" not in job.data]
    assert [name for name in without if "uses" not in _read(path)["jobs"][name]] == []


@EACH
def test_every_script_is_right_shell(path: Path) -> None:
    for job, script in _scripts(_read(path)):
        if "await " in script:
            continue  # of actions/github-script
        plain = re.sub(r"\$\{\{.*?\}\}", "x", script)
        done = subprocess.run(
            ["bash", "-n"],  # noqa: S607 -- the one on the path
            input=plain,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{job}: {done.stderr}"


def test_comments_are_written_by_the_one_workflow_that_runs_no_code_of_a_request() -> None:
    for path in WORKFLOWS:
        document = _read(path)
        for job in _jobs(document):
            if "pull-requests" in _writes(job.data.get("permissions")):
                assert "pull_request" not in _events(document), path.name


@pytest.mark.parametrize(
    "text",
    [
        "uses: actions/checkout@v5",
        "uses: actions/checkout@main # v5",
        "uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8",
        "uses: actions/checkout@08c6903 # v5.0.0",
    ],
)
def test_what_is_not_pinned_is_seen(text: str) -> None:
    assert not _PINNED.search(text)


@pytest.mark.parametrize(
    "text",
    ["echo ${{ github.event.pull_request.title }}", "git log ${{github.head_ref}}"],
)
def test_what_a_stranger_writes_is_seen(text: str) -> None:
    assert _FOREIGN_TEXT.search(text)
