"""The bucket policy: nobody is answered who asks without encryption."""

import json
from typing import Any

from bucket.seen import Seen
from bucket.store import Bucket

_NAME = "EfdOnlyEncrypted"
_PLAIN = {"Bool": {"aws:SecureTransport": "false"}}


def encrypted_transport(bucket: Bucket) -> Seen:
    """See whether requests without TLS are denied; other statements stay as they are."""
    answer = bucket.read(bucket.client.get_bucket_policy, "NoSuchBucketPolicy")
    policy: dict[str, Any] = json.loads(answer["Policy"]) if answer else {}
    statements = _listed(policy.get("Statement", []))
    if any(_denies_plain(statement, bucket) for statement in statements):
        return Seen(good=True, told="denied without TLS")
    names = [statement.get("Sid") for statement in statements]
    if _NAME in names:
        return Seen(good=False, told=f"a statement {_NAME} says something else; remove it first")

    def mend() -> None:
        wanted = {**policy, "Statement": [*statements, _statement(bucket)]}
        wanted.setdefault("Version", "2012-10-17")
        bucket.change(bucket.client.put_bucket_policy, Policy=json.dumps(wanted))

    others = f"{len(statements)} other statements" if statements else "no policy"
    return Seen(good=False, told=f"not denied without TLS; {others}", mend=mend)


def _statement(bucket: Bucket) -> dict[str, Any]:
    return {
        "Sid": _NAME,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": _resources(bucket),
        "Condition": _PLAIN,
    }


def _denies_plain(statement: dict[str, Any], bucket: Bucket) -> bool:
    """Whether a statement, ours or another's, denies everything to everybody without TLS."""
    condition = statement.get("Condition", {})
    truth = condition.get("Bool", {}).get("aws:SecureTransport")
    only = list(condition) == ["Bool"] and list(condition["Bool"]) == ["aws:SecureTransport"]
    return (
        statement.get("Effect") == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and bool({"*", "s3:*"} & set(_listed(statement.get("Action"))))
        and set(_resources(bucket)) <= set(_listed(statement.get("Resource")))
        and only
        and [str(value).lower() for value in _listed(truth)] == ["false"]
    )


def _resources(bucket: Bucket) -> list[str]:
    return [f"arn:aws:s3:::{bucket.name}", f"arn:aws:s3:::{bucket.name}/*"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
