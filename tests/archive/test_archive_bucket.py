"""The bucket of an archive as it is made, beside what others have set."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from archive.__main__ import LIFE_CYCLE
from bucket.properties import properties
from tests.support.archive_site import Archive

QUESTIONS = ["bucket", *properties(LIFE_CYCLE)]
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Readers",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::BUCKET/*",
        }
    ],
}


def test_a_bucket_is_made_as_it_must_be(archive: Archive) -> None:
    made = archive.found("create")
    assert {state for state, _ in made.values()} == {"right"}
    assert list(made) == QUESTIONS
    assert made["bucket"] == ("right", "made")
    assert archive.ask("check") == 0
    client, bucket = archive.client, archive.bucket
    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    policy = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
    (statement,) = policy["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert all(
        client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()
    )


def test_a_bucket_is_made_where_a_region_is_left_unsaid(archive: Archive) -> None:
    """The oldest region must not be named when a bucket is made."""
    archive.write_region("us-east-1")
    assert archive.states("create") == dict.fromkeys(QUESTIONS, "right")


def test_to_make_it_twice_changes_nothing(archive: Archive) -> None:
    archive.ask("create")
    before = _everything(archive)
    again = archive.found("create")
    assert {told for _, told in again.values() if told.startswith("made")} == set()
    assert again["bucket"] == ("right", "there")
    assert _everything(archive) == before


def test_what_others_have_set_stays(archive: Archive) -> None:
    archive.client.create_bucket(**_where(archive))
    client, bucket = archive.client, archive.bucket
    policy = json.loads(json.dumps(POLICY).replace("BUCKET", bucket))
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    theirs = [
        _rule("theirs", NoncurrentVersionExpiration={"NoncurrentDays": 400}),
        _rule(
            "tags", Filter={"Prefix": "a/"}, Transitions=[{"Days": 9, "StorageClass": "GLACIER"}]
        ),
    ]
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": theirs}
    )
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "a-key"}
    client.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )
    client.put_object(Bucket=bucket, Key="old", Body=b"something")
    found = archive.found("create")
    assert {state for state, _ in found.values()} == {"right"}
    assert found["replaced versions"][1] == "kept for 400 days"
    assert found["encryption"][1] == "aws:kms"
    statements = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert statements[0] == policy["Statement"][0]
    assert len(statements) == 2
    rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert [rule["ID"] for rule in rules] == ["theirs", "tags", "efd-incomplete-uploads"]
    assert rules[1]["Transitions"] == theirs[1]["Transitions"]
    # moto takes a denial for one without conditions, and so gives the object to nobody.
    (kept,) = client.list_objects_v2(Bucket=bucket)["Contents"]
    assert (kept["Key"], kept["Size"]) == ("old", len(b"something"))


def _suspend(client: Any, bucket: str) -> None:
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def _open(client: Any, bucket: str) -> None:
    client.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": False,
            "RestrictPublicBuckets": True,
        },
    )


def _forget_uploads(client: Any, bucket: str) -> None:
    rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    kept = [rule for rule in rules if rule["ID"] != "efd-incomplete-uploads"]
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": kept})


def _only_some(client: Any, bucket: str) -> None:
    """Deny plain requests as long as they do not come from one network."""
    policy = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
    (statement,) = policy["Statement"]
    del statement["Sid"]
    statement["Condition"]["NotIpAddress"] = {"aws:SourceIp": "192.0.2.0/24"}
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


@pytest.mark.parametrize(
    ("harm", "question", "told"),
    [
        (_suspend, "versions", "suspended"),
        (_open, "public access", "lacks BlockPublicPolicy"),
        (_forget_uploads, "incomplete uploads", "kept for ever, unseen"),
        (_only_some, "TLS only", "not denied without TLS; 1 other statements"),
    ],
)
def test_what_somebody_has_weakened_is_seen_and_mended(
    archive: Archive, harm: Callable[[Any, str], None], question: str, told: str
) -> None:
    archive.ask("create")
    harm(archive.client, archive.bucket)
    found = archive.found("check")
    assert found[question] == ("wrong", told)
    assert [name for name, (state, _) in found.items() if state == "wrong"] == [question]
    assert archive.ask("check") == 1
    assert archive.found("create")[question][1].startswith("made: ")
    assert archive.ask("check") == 0


@pytest.mark.parametrize(
    ("rule", "question", "told"),
    [
        (
            {"Expiration": {"Days": 365}},
            "current files",
            "rule theirs removes files; nothing was done to it",
        ),
        (
            {"NoncurrentVersionExpiration": {"NoncurrentDays": 3}},
            "replaced versions",
            "theirs removes them after 3 days, not 90; nothing was done to it",
        ),
    ],
)
def test_a_rule_that_removes_too_much_is_told_and_left_to_its_owner(
    archive: Archive, rule: dict[str, Any], question: str, told: str
) -> None:
    archive.client.create_bucket(**_where(archive))
    archive.client.put_bucket_lifecycle_configuration(
        Bucket=archive.bucket, LifecycleConfiguration={"Rules": [_rule("theirs", **rule)]}
    )
    assert archive.found("create")[question] == ("wrong", told)
    rules = archive.client.get_bucket_lifecycle_configuration(Bucket=archive.bucket)["Rules"]
    assert rules[0]["ID"] == "theirs"


def _rule(name: str, **does: Any) -> dict[str, Any]:
    return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": ""}, **does}


def _where(archive: Archive) -> dict[str, Any]:
    place = {"LocationConstraint": archive.region}
    return {"Bucket": archive.bucket, "CreateBucketConfiguration": place}


def _everything(archive: Archive) -> list[Any]:
    client, bucket = archive.client, archive.bucket
    questions = (
        client.get_bucket_versioning,
        client.get_bucket_policy,
        client.get_bucket_encryption,
        client.get_public_access_block,
        client.get_bucket_lifecycle_configuration,
    )
    answers = [question(Bucket=bucket) for question in questions]
    return [{k: v for k, v in one.items() if k != "ResponseMetadata"} for one in answers]
