"""The state of one stack: its versions in the bucket, and who has it locked."""

import getpass
import json
import os
import platform
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from bucket.store import Bucket
from verify.finding import UnaskedError

_ENDINGS = (".json", ".json.gz", ".json.zst")
"""Of a state as it is, or packed as PULUMI_DIY_BACKEND_GZIP and _ZSTD say."""


class RefusedError(Exception):
    """It must not be done now."""


@dataclass(frozen=True)
class Version:
    """A state as it once was."""

    id: str
    time: str
    """When it was written, UTC."""
    size: int
    """Bytes."""
    present: bool
    after: str
    """What had ended then, as Pulumi's history tells; empty for a state in the middle of a run."""
    key: str

    @property
    def data(self) -> dict[str, Any]:
        """The same for a program."""
        return asdict(self)


@dataclass(frozen=True)
class State:
    """What the bucket has of one stack."""

    bucket: Bucket
    folder: str
    """What every key begins with."""
    project: str
    stack: str

    def versions(self) -> list[Version]:
        """Return all, the newest first; none where there is no such stack and never was.

        Raises
        ------
        UnaskedError
            When the store does not answer, or refuses to.
        """
        stem = f"{self.folder}.pulumi/stacks/{self.project}/{self.stack}"
        ours = [
            found
            for found in self._listed("list_object_versions", "Versions", f"{stem}.json")
            if found["Key"].removeprefix(stem) in _ENDINGS
        ]
        ends = self._ends()
        return sorted(
            (
                Version(
                    id=found["VersionId"],
                    time=f"{found['LastModified'].astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                    size=found["Size"],
                    present=found["IsLatest"],
                    after=ends.get(found["ETag"], ""),
                    key=found["Key"],
                )
                # The store lists the newest first, also of those of one second.
                for found in ours
            ),
            key=lambda version: version.time,
            reverse=True,
        )

    def locks(self) -> list[str]:
        """Return who has the stack locked, and since when."""
        found = []
        for entry in self._listed("list_objects_v2", "Contents", self._locks):
            told = self._content(entry["Key"])
            if told:
                found.append(
                    f"{told['username']}@{told['hostname']} (process {told['pid']}) "
                    f"since {told['timestamp']}, {entry['Key']}"
                )
        return found

    def restore(self, version: str) -> Version | None:
        """Put an older state in the place of the present one; return that one.

        That is none where the stack had been removed. The present one becomes an older version
        itself. Nothing is done to any cluster.

        Raises
        ------
        RefusedError
            When somebody works with the stack, or there is no such version.
        UnaskedError
            When the store does not answer, or refuses to.
        """
        with self._locked():
            versions = self.versions()
            chosen = next((each for each in versions if each.id == version), None)
            if chosen is None:
                raise RefusedError(f"{self.stack} has no version {version}")
            if chosen.present:
                raise RefusedError(f"version {version} is the present one")
            present = next((each for each in versions if each.present), None)
            source = {"Bucket": self.bucket.name, "Key": chosen.key, "VersionId": chosen.id}
            self.bucket.change(self.bucket.client.copy_object, Key=chosen.key, CopySource=source)
        return present

    @property
    def _locks(self) -> str:
        return f"{self.folder}.pulumi/locks/organization/{self.project}/{self.stack}/"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the stack for engines, as they do it for each other."""
        self._refuse_locked(0)
        key = f"{self._locks}{uuid.uuid4()}.json"
        told = {
            "pid": os.getpid(),
            "username": getpass.getuser(),
            "hostname": platform.node(),
            "timestamp": datetime.now(UTC).isoformat(),
        }
        self.bucket.change(self.bucket.client.put_object, Key=key, Body=json.dumps(told).encode())
        try:
            # Whoever else came at the same moment sees ours now, or we theirs.
            self._refuse_locked(1)
            yield
        finally:
            self.bucket.change(self.bucket.client.delete_object, Key=key)

    def _refuse_locked(self, ours: int) -> None:
        locks = self.locks()
        if len(locks) > ours:
            raise RefusedError(f"{self.stack} is locked: {'; '.join(locks)}")

    def _ends(self) -> dict[str, str]:
        """Return what had ended, by the hash of the copy of the state that Pulumi keeps of it."""
        entries = {
            entry["Key"]: entry["ETag"]
            for entry in self._listed(
                "list_objects_v2",
                "Contents",
                f"{self.folder}.pulumi/history/{self.project}/{self.stack}/",
            )
        }
        found = {}
        for key, tag in entries.items():
            if ".checkpoint." in key:
                told = self._content(key.replace(".checkpoint.", ".history.")) or {}
                found[tag] = f"{told.get('kind', 'a run')}, {told.get('result', 'packed')}"
        return found

    def _content(self, key: str) -> dict[str, Any] | None:
        """Return what is in a file of JSON; nothing if it is packed or has just gone."""
        if not key.endswith(".json"):
            return None
        answer = self.bucket.read(self.bucket.client.get_object, "NoSuchKey", Key=key)
        return dict(json.loads(answer["Body"].read())) if answer else None

    def _listed(self, question: str, kind: str, prefix: str) -> list[dict[str, Any]]:
        """Return everything of a list, of which one answer has a thousand entries."""
        pages = self.bucket.client.get_paginator(question)

        def ask(**bucket: Any) -> dict[str, Any]:
            answer: dict[str, Any] = pages.paginate(Prefix=prefix, **bucket).build_full_result()
            return answer

        found: list[dict[str, Any]] = self.bucket.read(ask).get(kind, [])
        return found


def state_of(bucket: Bucket, folder: str, project: str, stack: str) -> State:
    """Return what the bucket has of a stack.

    Raises
    ------
    UnaskedError
        When there is no such bucket.
    """
    if not bucket.exists():
        raise UnaskedError(f"there is no bucket {bucket.name}")
    return State(bucket, folder, project, stack)
