"""A comment that a fork's code may have written, and how it is posted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from rendering.engine import ROOT
from report.foreign import harmless

_PARSER = MarkdownIt("gfm-like", {"linkify": False})
_SHA = "1" * 40
_GH = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
line = " ".join(sys.argv[1:])
for key, answer in json.loads(os.environ["ANSWERS"]).items():
    if key in line:
        print(answer)
        break
for one in sys.argv:
    if one.startswith("body=@"):
        open(os.environ["POSTED"], "w").write(open(one[6:]).read())
"""


@pytest.mark.parametrize(
    "text",
    [
        "@everyone look",
        "fixes #12",
        "[here](//evil.example)",
        "![x](http://evil.example/pixel)",
        "[a][b]\n\n[b]: //evil.example",
        "<img src=//evil.example><script>",
        "<http://evil.example>",
        "&lt;b&gt; &#64;everyone",
        "http://evil.example www.evil.example",
        "a\u202eb\u200f\u0007",
    ],
)
def test_a_stranger_names_nobody_and_links_nowhere(text: str) -> None:
    told = harmless(f"para\n\n{text}\n")
    kinds = {token.type for token in _PARSER.parse(told)}
    children = {c.type for t in _PARSER.parse(told) for c in t.children or ()}
    assert not (kinds | children) & {"html_block", "html_inline", "link_open", "image"}
    for mark in ("@everyone", "#12", "\u202e", "\u0007", "&#64;"):
        assert mark not in told


def test_a_heading_and_a_difference_stay_readable() -> None:
    told = harmless("## Title\n\n```diff\n-a\n+b\n```\n")
    kinds = [token.type for token in _PARSER.parse(told)]
    assert "heading_open" in kinds
    assert "fence" in kinds
    assert "comes from another repository" in told.splitlines()[0] + told.splitlines()[1]


@pytest.mark.parametrize("fence", ["```", "`````"])
def test_what_is_too_long_is_cut_with_its_block_closed(fence: str) -> None:
    told = harmless(f"{fence}diff\n" + "line\n" * 30_000 + f"{fence}\n")
    assert len(told.encode()) < 65_000
    assert _PARSER.parse(told)[-2].content == "The rest is cut."


def _post(
    folder: Path, answers: dict[str, str], **environ: str
) -> tuple[int, list[list[str]], str]:
    """Run the script with a stand-in for GitHub's command."""
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    (tools / "gh").write_text(_GH)
    (tools / "gh").chmod(0o755)
    calls, posted = folder / "calls", folder / "posted"
    calls.write_text("")
    posted.write_text("")
    given = {
        "REPOSITORY": "lsst/efd",
        "HEAD_REPOSITORY": "lsst/efd",
        "HEAD_SHA": _SHA,
        "RUN_URL": "https://github.com/lsst/efd/actions/runs/1",
        "WORKFLOW": "preview",
        "CALLS": str(calls),
        "POSTED": str(posted),
        "ANSWERS": json.dumps(answers),
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(  # noqa: S603 -- this repository's script
        [str(ROOT / ".github" / "post_comment.sh"), str(folder / "told")],
        cwd=ROOT,
        env={**os.environ, **given, **environ},
        check=False,
        capture_output=True,
    )
    return (
        done.returncode,
        [json.loads(c) for c in calls.read_text().splitlines()],
        posted.read_text(),
    )


@pytest.fixture
def told(tmp_path: Path) -> Path:
    folder = tmp_path / "told"
    folder.mkdir()
    (folder / "comment.md").write_text("## What this change does\n\n@everyone\n")
    (folder / "number").write_text("7\n")
    return folder


def _answers(**more: str) -> dict[str, str]:
    return {**more, "pulls/7 ": _SHA}


@pytest.mark.usefixtures("told")
def test_a_first_report_is_posted(tmp_path: Path) -> None:
    code, calls, posted = _post(tmp_path, _answers())
    assert code == 0
    assert calls[-1][:4] == ["api", "--silent", "--method", "POST"]
    assert posted.startswith(f"<!-- efd-report -->\n<!-- preview {_SHA} -->\n\n## What")
    assert "@everyone" in posted


@pytest.mark.usefixtures("told")
def test_a_later_one_renews_it(tmp_path: Path) -> None:
    answers = _answers(**{"--paginate": "31", "comments/31": "<!-- efd-report -->\n<!-- old -->"})
    code, calls, _ = _post(tmp_path, answers)
    assert code == 0
    assert "PATCH" in calls[-1]
    assert "repos/lsst/efd/issues/comments/31" in calls[-1]


@pytest.mark.usefixtures("told")
def test_the_engine_s_own_is_not_replaced_by_a_rendering_of_the_same_commit(tmp_path: Path) -> None:
    there = f"<!-- efd-report -->\n<!-- cluster-preview {_SHA} -->"
    answers = _answers(**{"--paginate": "31", "comments/31": there})
    assert _post(tmp_path, answers)[2] == ""
    assert _post(tmp_path, answers, WORKFLOW="cluster-preview")[2] != ""


@pytest.mark.usefixtures("told")
def test_a_fork_s_report_is_made_harmless(tmp_path: Path) -> None:
    code, _, posted = _post(tmp_path, _answers(), HEAD_REPOSITORY="stranger/efd")
    assert code == 0
    assert "@everyone" not in posted
    assert "comes from another repository" in posted


@pytest.mark.parametrize("number", ["", "7; rm -rf /", "../../8", "$(id)", "-1"])
def test_a_number_that_is_none_is_refused(tmp_path: Path, told: Path, number: str) -> None:
    (told / "number").write_text(number)
    code, calls, _ = _post(tmp_path, _answers())
    assert code == 1
    assert calls == []


@pytest.mark.usefixtures("told")
def test_a_report_names_only_the_request_that_it_was_made_for(tmp_path: Path) -> None:
    code, calls, posted = _post(tmp_path, {"pulls/7 ": "2" * 40})
    assert code == 0
    assert len(calls) == 1
    assert posted == ""


def test_a_run_without_a_report_posts_nothing(tmp_path: Path) -> None:
    (tmp_path / "told").mkdir()
    (tmp_path / "told" / "comment.md").symlink_to("/etc/passwd")
    code, calls, _ = _post(tmp_path, _answers())
    assert code == 0
    assert calls == []
