"""The bucket of the state, made and seen; what is no address of one."""

import pytest

from backend.__main__ import LIFE_CYCLE, main
from bucket.properties import properties
from tests.support.kept_state import KeptState

QUESTIONS = ["bucket", *properties(LIFE_CYCLE)]


def test_a_bucket_for_state_is_made_as_it_must_be(kept: KeptState) -> None:
    made = kept.told("create")
    assert [(one["question"], one["state"]) for one in made] == [(q, "right") for q in QUESTIONS]
    assert kept.ask("check") == 0
    rules = kept.client.get_bucket_lifecycle_configuration(Bucket=kept.bucket)["Rules"]
    assert [rule.get("NoncurrentVersionExpiration") for rule in rules] == [
        {"NoncurrentDays": 90},
        None,
    ]
    assert [rule.get("Expiration") for rule in rules] == [None, None], "what is current stays"
    assert rules[1]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


def test_a_bucket_whose_versions_somebody_stopped_is_told(kept: KeptState) -> None:
    kept.ask("create")
    kept.client.put_bucket_versioning(
        Bucket=kept.bucket, VersioningConfiguration={"Status": "Suspended"}
    )
    assert kept.ask("check") == 1
    wrong = [one["question"] for one in kept.told("check") if one["state"] == "wrong"]
    assert wrong == ["versions"]


def test_the_address_comes_from_the_environment_too(
    kept: KeptState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", kept.url)
    assert main(["check", "--ca", str(kept.store.authority)]) == 1
    assert "there is none" in kept.capture.readouterr().out


def test_without_an_address_nobody_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    assert main(["check"]) == 2
    assert 'backend URL: given ""; allowed: s3://BUCKET/' in capsys.readouterr().err


def test_an_authority_that_is_no_file_is_told(
    kept: KeptState, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--url", kept.url, "--ca", "/nowhere"]) == 2
    assert "there is no certificate authority /nowhere" in capsys.readouterr().err
