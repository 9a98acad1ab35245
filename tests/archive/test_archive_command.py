"""What the command about an archive says, and what it refuses."""

import re
from typing import Any

import pytest

from archive.__main__ import LIFE_CYCLE, main
from bucket.properties import properties
from tests.support.archive_site import Archive
from tests.support.full_site import changed, full_site, without

QUESTIONS = ["bucket", *properties(LIFE_CYCLE)]


def test_a_bucket_that_is_not_there_is_wrong_and_is_not_made_by_looking(archive: Archive) -> None:
    assert archive.found("check") == {"bucket": ("wrong", "there is none")}
    assert archive.ask("check") == 1
    assert archive.bucket not in archive.buckets


def test_a_bucket_elsewhere_is_told(archive: Archive) -> None:
    archive.ask("create")
    archive.write_region("eu-west-3")
    state, told = archive.found("check")["region"]
    assert (state, told) == ("wrong", f"{archive.region}, not eu-west-3 as is asked for")


def test_people_get_a_table(archive: Archive) -> None:
    archive.ask("create")
    archive.capture.readouterr()
    archive.ask("check")
    said = archive.capture.readouterr().out
    assert re.search(rf"^right +{archive.bucket} +versions +enabled *$", said, re.MULTILINE), said
    assert f"{len(QUESTIONS)} questions: 0 wrong, 0 not asked" in said


def test_a_store_that_nobody_vouches_for_is_not_asked(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["create", "--site", "full", "--sites", str(archive.folder)])
    assert code == 2
    assert "certificate verify failed" in capsys.readouterr().err
    assert archive.bucket not in archive.buckets


def test_a_plain_address_is_refused_before_anybody_is_asked(
    archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = archive.store.endpoint.replace("https", "http")
    archive.write(changed(full_site(), "archive.parquet.endpoint", plain))
    assert archive.ask("create") == 2
    said = capsys.readouterr().err
    assert 'archive.parquet.endpoint: given "http://' in said
    assert "an https address" in said


@pytest.mark.parametrize(
    ("site", "told"),
    [
        (without(full_site(), "archive"), "site full has no section archive.parquet"),
        (None, "there is no file Pulumi.full.yaml in "),
    ],
)
def test_a_site_without_an_archive_has_no_bucket(
    archive: Archive,
    site: dict[str, Any] | None,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if site is None:
        (archive.folder / "Pulumi.full.yaml").unlink()
    else:
        archive.write(site)
    assert archive.ask("check") == 2
    assert f"error: {told}" in capsys.readouterr().err
