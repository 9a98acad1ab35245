"""Copies of what a site holds: where they are kept, how many, and how often they are tried out."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from efd_infra.config.cluster import Storage
from efd_infra.config.section import Section
from efd_infra.config.values import Name, PatternedText, Rate

Every = Literal["day", "week"]


class StoreUrl(PatternedText):
    """Where an S3-compatible store answers: passwords and points cross the network to it."""

    __slots__ = ()
    pattern = (
        r"https://([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9][-a-z0-9]*(:[1-9][0-9]{0,4})?"
    )
    allowed = "an https address without a path, such as https://s3.us-west-2.amazonaws.com"
    example = "https://s3.example.org"


class BucketName(PatternedText):
    """A bucket of an S3-compatible store."""

    __slots__ = ()
    pattern = r"[a-z0-9][-a-z0-9.]{1,61}[a-z0-9]"
    allowed = "3 to 63 lower-case letters, digits, dots and inner hyphens, such as efd-backup"
    example = "efd-backup"


class KeyPrefix(PatternedText):
    """How the names of all files in a bucket begin."""

    __slots__ = ()
    pattern = r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*"
    allowed = "words of letters, digits, hyphens and underscores between slashes, such as efd/base"
    example = "efd"


class Region(PatternedText):
    """A region of an S3-compatible store, as requests are signed for."""

    __slots__ = ()
    pattern = r"[a-z0-9]+(-[a-z0-9]+)*"
    allowed = "a region, such as us-west-2"
    example = "us-east-1"


class BucketSection(Section):
    """A bucket of an S3-compatible store."""

    name: BucketName
    """The bucket, which is there."""
    prefix: KeyPrefix | None = None
    """What the names of this site's files begin with, where it shares the bucket."""
    endpoint: StoreUrl
    """Where the store answers."""
    region: Region = Region("us-east-1")
    """What requests are signed for; most stores beside Amazon's take this one."""
    secret: Name | None = None
    """An existing Secret in the namespace ``backup`` with the keys ``access-key-id`` and
    ``secret-access-key``; absent: they come from the stack's configuration."""


class RehearsalSection(Section):
    """A restore of the newest copy into an empty server, to see that it can be done."""

    every: Every = "week"
    """How often."""
    storage: Storage
    """The volume of that server, which is there as long as it is: more than the largest shard, of
    a day or a week, takes."""


class BackupSection(Section):
    """Copies of InfluxDB's shards, and of what dashboards, alerts, schemas and connectors are."""

    bucket: BucketSection | None = None
    """Where copies are kept."""
    claim: Storage | None = None
    """Where they are kept instead: a volume of the same cluster, which is lost with it."""
    every: Every = "day"
    """How often a copy is taken."""
    keep: int = Field(default=7, ge=1)
    """Copies that are kept; shards that they have in common are kept once."""
    rate: Rate = Rate("20MB/s")
    """What is read of InfluxDB's store in a second, at most. A backup that reads as fast as it can
    cut what is written from 80,000 to 50,000 points a minute (lsst-sqre/sqr-029)."""
    rehearsal: RehearsalSection
    """How restoring is tried out."""

    @model_validator(mode="after")
    def one_place(self) -> Self:
        """Refuse both and neither."""
        if (self.bucket is None) == (self.claim is None):
            raise PydanticCustomError("value", "exactly one of bucket and claim")
        return self

    @property
    def scratch_bytes(self) -> int:
        """Bytes of a shard that a rehearsal has room for: its index and log take room too."""
        return self.rehearsal.storage.size.bytes * 2 // 3
