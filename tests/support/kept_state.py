"""A backend in a bucket of a store on loopback, and the command that is about it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from backend.__main__ import main
from tests.support.tls_store import TlsStore

STATE = "team/.pulumi/stacks/efd/summit.json"
HISTORY = "team/.pulumi/history/efd/summit/summit-1"
LOCK = "team/.pulumi/locks/organization/efd/summit/a.json"


@dataclass
class KeptState:
    """A bucket, and what an engine would have written there."""

    store: TlsStore
    bucket: str
    capture: pytest.CaptureFixture[str]

    @property
    def url(self) -> str:
        """What `pulumi login` would be given."""
        words = f"endpoint={self.store.endpoint}&region=eu-west-1&s3ForcePathStyle=true"
        return f"s3://{self.bucket}/team?{words}"

    @property
    def client(self) -> Any:
        """Amazon's own client of the store."""
        return self.store.client("eu-west-1")

    def make(self) -> None:
        """Make the bucket with versions, and without the policy, which moto takes for a ban."""
        self.client.create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        self.client.put_bucket_versioning(
            Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"}
        )

    def put(self, key: str, told: dict[str, Any]) -> str:
        """Write a file; return its version."""
        body = json.dumps(told).encode()
        return str(self.client.put_object(Bucket=self.bucket, Key=key, Body=body)["VersionId"])

    def get(self, key: str) -> Any:
        """Return what is in a file."""
        return json.loads(self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def files(self) -> set[str]:
        """Return the names of all files."""
        listed = self.client.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return {entry["Key"] for entry in listed}

    def ask(self, what: str, *words: str) -> int:
        """Run the command; return its exit code."""
        return main([what, "--url", self.url, "--ca", str(self.store.authority), *words])

    def told(self, what: str, *words: str) -> Any:
        """Return what the command tells a program."""
        self.capture.readouterr()
        self.ask(what, "--json", *words)
        return json.loads(self.capture.readouterr().out)
