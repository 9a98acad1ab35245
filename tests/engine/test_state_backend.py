"""The real engine with its state in a bucket that our command has made."""

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from backend.__main__ import main
from devkit.patience import wait_until
from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from tests.engine.deployment import PATIENCE
from tests.support.kept_stack import STACK, KeptStack
from tests.support.tls_store import KEYS, tls_store

pytestmark = pytest.mark.engine

UP = ("up", "--yes", "--skip-preview")


@pytest.fixture(scope="module")
def kept(
    workspace: Workspace, tools: Toolchain, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KeptStack]:
    """A stack that is deployed, in a bucket that our command made and found right."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tls_store(tmp_path_factory.mktemp("store")) as store,
    ):
        for name, value in KEYS.items():
            patch.setenv(name, value)
        folder = tmp_path_factory.mktemp("kept") / "project"
        stack = KeptStack(folder, workspace, tools, store, "efd-state")
        place = ("--url", stack.url, "--ca", str(store.authority))
        assert main(["create", *place]) == 0
        assert main(["check", *place]) == 0
        # moto takes the ban of plain requests for a ban of all.
        store.client("us-east-1").delete_bucket_policy(Bucket=stack.bucket)
        stack.write()
        made = stack.pulumi("stack", "init", "--secrets-provider=passphrase")
        assert made.code == 0, made.said
        assert stack.pulumi("config", "set", "--secret", "secret", given="a canary").code == 0
        first = stack.pulumi(*UP)
        assert first.code == 0, first.said
        assert "+ 3 created" in first.out
        yield stack


def told(kept: KeptStack, capsys: pytest.CaptureFixture[str], what: str, *words: str) -> Any:
    """Return what our command tells a program of the stack."""
    capsys.readouterr()
    assert main([what, *_place(kept), "--stack", STACK, "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def _place(kept: KeptStack) -> tuple[str, ...]:
    return ("--url", kept.url, "--ca", str(kept.store.authority))


def first_number(kept: KeptStack) -> str:
    """Return the identity of the first resource in the state."""
    run = kept.pulumi("stack", "export")
    assert run.code == 0, run.said
    resources = json.loads(run.out)["deployment"]["resources"]
    (found,) = [r for r in resources if r["urn"].endswith("::first") and not r.get("delete")]
    return str(found["id"])


def test_a_second_up_finds_the_state_and_changes_nothing(kept: KeptStack) -> None:
    again = kept.pulumi(*UP, "--expect-no-changes")
    assert again.code == 0, again.said
    assert "3 unchanged" in again.out


def test_a_second_engine_is_refused_while_one_works_and_told_who_it_is(
    kept: KeptStack, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.hold()
    with kept.begin(*UP) as working:
        try:
            assert wait_until(lambda: kept.has_begun, PATIENCE)
            refused = kept.pulumi(*UP)
            locks = told(kept, capsys, "versions")["locks"]
            present = told(kept, capsys, "versions", "--all")["versions"][-1]["id"]
            ours = main(["restore", *_place(kept), "--stack", STACK, "--version", present])
        finally:
            kept.go_on()
        said, _ = working.communicate(timeout=PATIENCE)
    assert working.returncode == 0, said
    assert refused.code != 0
    assert "the stack is currently locked by 1 lock(s)" in refused.said
    assert f"(pid {working.pid})" in refused.said
    assert len(locks) == 1
    assert f"(process {working.pid})" in locks[0]
    assert ours == 1, "an older state is not put back either"
    assert kept.pulumi(*UP, "--expect-no-changes").code == 0, "the lock went with the run"


def test_an_up_that_was_killed_is_finished_after_its_lock_is_freed(kept: KeptStack) -> None:
    before = first_number(kept)
    kept.hold()
    with kept.begin(*UP, "--config", "efd:length=8") as killed:
        try:
            assert wait_until(lambda: kept.has_begun, PATIENCE)
        finally:
            os.killpg(killed.pid, signal.SIGKILL)
    kept.go_on()
    locked = kept.pulumi(*UP)
    assert locked.code != 0
    assert f"(pid {killed.pid})" in locked.said
    assert first_number(kept) != before, "what it had done is in the state"
    assert kept.pulumi("cancel", "--yes").code == 0
    finished = kept.pulumi(*UP)
    assert finished.code == 0, finished.said
    assert kept.pulumi(*UP, "--expect-no-changes").code == 0


def test_an_older_state_is_put_back(kept: KeptStack, capsys: pytest.CaptureFixture[str]) -> None:
    before = first_number(kept)
    listed = told(kept, capsys, "versions")["versions"]
    assert listed[0]["present"]
    assert {one["after"] for one in listed} == {"update, succeeded"}
    older = kept.pulumi(*UP, "--config", "efd:length=6")
    assert older.code == 0, older.said
    assert first_number(kept) != before
    version = ("--stack", STACK, "--version", listed[0]["id"])
    assert main(["restore", *_place(kept), *version]) == 0
    assert first_number(kept) == before
    # What the program says now is done once more, from what the state says.
    assert "2 to replace" in kept.pulumi("preview").out
    assert kept.pulumi(*UP).code == 0
    assert kept.pulumi(*UP, "--expect-no-changes").code == 0


def test_secrets_are_encrypted_with_another_passphrase(kept: KeptStack) -> None:
    def secret(phrase: str) -> str:
        run = kept.pulumi("stack", "output", "secret", "--show-secrets", phrase=phrase)
        return run.out.strip() if run.code == 0 else run.said

    assert secret("first") == "a canary"
    change = ("stack", "change-secrets-provider", "passphrase")
    changed = kept.pulumi(*change, given="second\n")
    assert changed.code == 0, changed.said
    try:
        assert "incorrect passphrase" in secret("first")
        assert secret("second") == "a canary"
        configured = kept.pulumi("config", "get", "secret", phrase="second")
        assert configured.out.strip() == "a canary"
        assert kept.pulumi(*UP, "--expect-no-changes", phrase="second").code == 0
    finally:
        assert kept.pulumi(*change, given="first\n", phrase="second").code == 0
    assert secret("first") == "a canary"


def test_no_secret_is_in_the_bucket_in_clear(kept: KeptStack) -> None:
    client = kept.store.client("us-east-1")
    versions = client.list_object_versions(Bucket=kept.bucket)["Versions"]
    assert len(versions) > 20
    for one in versions:
        place = {"Bucket": kept.bucket, "Key": one["Key"], "VersionId": one["VersionId"]}
        assert b"canary" not in client.get_object(**place)["Body"].read(), one["Key"]
