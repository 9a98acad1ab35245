"""The command that starts a restore: with a ``kubectl`` that answers as the cluster does."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rendering.engine import ROOT
from restore.__main__ import NOT_BEGUN, job, main, parser, variables
from tests.support.full_site import full_site, without
from tests.support.site_case import FULL

SUSPENDED = FULL.run.one("CronJob", "restore", "backup").inputs


def _env(made: dict[str, Any]) -> dict[str, str]:
    (container,) = made["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each["value"] for each in container["env"]}


def test_a_restore_by_itself_never_runs() -> None:
    assert SUSPENDED["spec"]["suspend"] is True


def test_what_is_asked_for_is_told_to_the_job() -> None:
    asked = parser().parse_args(
        [
            *("--site", "full", "--from", "20261127T090000Z", "--database", "efd"),
            *("--since", "2026-11-20T00:00:00Z", "--until", "2026-11-21T00:00:00Z"),
        ]
    )
    told = _env(job(SUSPENDED, variables(asked)))
    assert told["FROM"] == "20261127T090000Z"
    assert told["DATABASE"] == "efd"
    assert (told["SINCE"], told["UNTIL"]) == ("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")
    assert told["EXISTING"] == "refuse", "nothing is overwritten in silence"
    assert "POLICY" not in told
    assert told["DOOR"] == "influxdb-door.influxdb:8089", "the rest is the site's"


def test_the_newest_copy_is_taken_and_points_are_merged_only_where_that_is_said() -> None:
    told = variables(parser().parse_args(["--site", "full", "--merge"]))
    assert told == {"FROM": "newest", "EXISTING": "merge"}


_KUBECTL = """#!/bin/sh
echo "$@" >>"$ASKED"
case "$*" in
*"get cronjob restore"*) cat "$SUSPENDED" ;;
*create*) cat >"$MADE" && echo job.batch/restore-x7 ;;
*jsonpath*) echo "$CONDITION" ;;
*logs*) echo "copy 20261127T090000Z: 3 shards" ;;
esac
"""


@pytest.mark.parametrize(("condition", "code"), [("Complete", 0), ("FailureTarget Failed", 1)])
def test_the_job_is_made_and_followed(tmp_path: Path, condition: str, code: int) -> None:
    program = tmp_path / "kubectl"
    program.write_text(_KUBECTL)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "suspended").write_text(json.dumps(SUSPENDED))
    site = {"config": {"efd:site": full_site()}}
    (tmp_path / "Pulumi.full.yaml").write_text(yaml.safe_dump(site))
    done = subprocess.run(  # noqa: S603 -- the program's own
        [sys.executable, "-m", "restore", "--site", "full", "--sites", str(tmp_path)],
        cwd=ROOT,
        env={
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "ASKED": str(tmp_path / "asked"),
            "SUSPENDED": str(tmp_path / "suspended"),
            "MADE": str(tmp_path / "made"),
            "CONDITION": condition,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done
    assert "3 shards" in done.stdout
    assert _env(json.loads((tmp_path / "made").read_text()))["EXISTING"] == "refuse"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert all(line.startswith("--context full-context ") for line in asked)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "there is no file Pulumi.odd.yaml in "),
        ("config: [", "Pulumi.odd.yaml in "),
        ("[]", "efd:site has "),
        ("config: {'efd:site': {name: odd}}", "efd:site has "),
        (yaml.safe_dump({"config": {"efd:site": without(full_site(), "backup")}}), "no backup"),
    ],
)
def test_a_site_that_cannot_be_restored_is_told_and_nobody_is_asked(
    tmp_path: Path, text: str | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / "Pulumi.odd.yaml").write_text(text)
    assert main(["--site", "odd", "--sites", str(tmp_path)]) == NOT_BEGUN
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert told in said
