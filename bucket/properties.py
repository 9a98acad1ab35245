"""What a bucket must be like, each with how it is seen and mended."""

from collections.abc import Callable

from bucket.life_cycle import LifeCycle, current_files
from bucket.policy import encrypted_transport
from bucket.seen import Seen
from bucket.store import Bucket

_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def region(bucket: Bucket) -> Seen:
    """See whether it is where requests are signed for; no bucket moves."""
    answer = bucket.read(bucket.client.get_bucket_location)
    # Its oldest region has no name here, and its second oldest two.
    found = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}.get(
        name := answer.get("LocationConstraint"), name
    )
    told = str(found) if found == bucket.region else f"{found}, not {bucket.region} as is asked for"
    return Seen(good=found == bucket.region, told=told)


def versions(bucket: Bucket) -> Seen:
    """See whether what is replaced or removed stays as an older version."""
    status = bucket.read(bucket.client.get_bucket_versioning).get("Status", "never enabled")

    def mend() -> None:
        wanted = {"Status": "Enabled"}
        bucket.change(bucket.client.put_bucket_versioning, VersioningConfiguration=wanted)

    return Seen(good=status == "Enabled", told=status.lower(), mend=mend)


def encryption(bucket: Bucket) -> Seen:
    """See whether files are encrypted by default, with whatever key."""
    answer = bucket.read(
        bucket.client.get_bucket_encryption, "ServerSideEncryptionConfigurationNotFoundError"
    )
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    said = [rule.get("ApplyServerSideEncryptionByDefault", {}) for rule in rules]
    found = [default["SSEAlgorithm"] for default in said if default.get("SSEAlgorithm")]

    def mend() -> None:
        default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        bucket.change(
            bucket.client.put_bucket_encryption,
            ServerSideEncryptionConfiguration={"Rules": [default]},
        )

    return Seen(good=bool(found), told=", ".join(found) or "none", mend=mend)


def public_access(bucket: Bucket) -> Seen:
    """See whether no rule of whatever kind can open it to everybody."""
    answer = bucket.read(
        bucket.client.get_public_access_block, "NoSuchPublicAccessBlockConfiguration"
    )
    found = answer.get("PublicAccessBlockConfiguration", {})
    lacking = [flag for flag in _FLAGS if not found.get(flag)]

    def mend() -> None:
        wanted = dict.fromkeys(_FLAGS, True)
        bucket.change(bucket.client.put_public_access_block, PublicAccessBlockConfiguration=wanted)

    told = f"lacks {', '.join(lacking)}" if lacking else "blocked"
    return Seen(good=not lacking, told=told, mend=mend)


def properties(life_cycle: LifeCycle) -> dict[str, Callable[[Bucket], Seen]]:
    """Return how each is seen, by the question of the report.

    They are in the order in which a new bucket is given them: nobody may come in before there is
    anything to read.
    """
    return {
        "region": region,
        "public access": public_access,
        "TLS only": encrypted_transport,
        "encryption": encryption,
        "versions": versions,
        "current files": current_files,
        "replaced versions": life_cycle.replaced_versions,
        "incomplete uploads": life_cycle.incomplete_uploads,
    }
