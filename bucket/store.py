"""A bucket of an S3-compatible store, and how it is reached."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound

from verify.finding import UnaskedError

_DEFAULT_REGION = "us-east-1"
"""The one that S3 wants to be left unsaid where a bucket is made."""
_CONNECT, _ANSWER, _ATTEMPTS = 10, 60, 3
"""Seconds until a connection, seconds until an answer, and how often both are tried."""
_UNKNOWN = ("NotImplemented", "MethodNotAllowed", "XNotImplemented")
"""What stores say to a question that they do not know."""


@dataclass(frozen=True)
class Place:
    """Where a bucket is."""

    name: str
    region: str
    endpoint: str | None = None
    """The store's URL; none for Amazon's own."""
    path_style: bool = True
    """Whether the bucket is named in the path of a URL, and not in its host."""
    profile: str | None = None
    """Whose keys of Amazon's configuration file; none for those found without one."""


@dataclass(frozen=True)
class Bucket:
    """A bucket, as one pair of keys sees it."""

    name: str
    region: str
    client: Any

    def read(self, question: Callable[..., Any], *absent: str, **said: Any) -> dict[str, Any]:
        """Return what the store answers; nothing where it says one of ``absent``.

        Raises
        ------
        UnaskedError
            When it does not answer, or refuses to.
        """
        try:
            answer: dict[str, Any] = question(Bucket=self.name, **said)
        except ClientError as error:
            if _code(error) in absent:
                return {}
            raise UnaskedError(_told(error)) from None
        except BotoCoreError as error:
            raise UnaskedError(f"the store does not answer: {error}") from None
        return answer

    def change(self, request: Callable[..., Any], **said: Any) -> None:
        """Have the store change something of the bucket.

        Raises
        ------
        UnaskedError
            When it does not answer, or refuses to.
        """
        self.read(request, **said)

    def exists(self) -> bool:
        """Tell whether there is such a bucket, and whether it is ours."""
        # An answer to HEAD has no body, so that its number is all that is said.
        return bool(self.read(self.client.head_bucket, "404", "NoSuchBucket"))

    def make(self) -> None:
        """Make it, in its region."""
        where = {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
        self.change(self.client.create_bucket, **({} if self.region == _DEFAULT_REGION else where))


def bucket_at(place: Place, authority: Path | None) -> Bucket:
    """Return the bucket at a place, with the keys of whoever asks.

    They come from where Amazon's own tools find them: a bucket is changed by an administrator, not
    with the keys of a program that keeps files there.

    Raises
    ------
    UnaskedError
        When there is no such profile.
    """
    try:
        session = boto3.Session(profile_name=place.profile)
    except ProfileNotFound as error:
        raise UnaskedError(str(error)) from None
    client = session.client(
        "s3",
        endpoint_url=place.endpoint,
        region_name=place.region,
        verify=str(authority) if authority else True,
        config=Config(
            connect_timeout=_CONNECT,
            read_timeout=_ANSWER,
            retries={"total_max_attempts": _ATTEMPTS},
            s3={"addressing_style": "path" if place.path_style else "auto"},
            # Checksums that only Amazon knows are left to what asks for them.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    return Bucket(place.name, place.region, client)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _told(error: ClientError) -> str:
    code = _code(error)
    if code in _UNKNOWN:
        return f"the store does not know this ({code})"
    if code in {"403", "AccessDenied"}:
        return f"refused to these keys, or somebody else's bucket ({code})"
    message = error.response.get("Error", {}).get("Message", "")
    return f"the store answers {code}: {message}"
