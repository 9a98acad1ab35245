"""A store that does not know all questions, and one that refuses to answer."""

from http.server import BaseHTTPRequestHandler
from typing import Any

import boto3
import pytest
from botocore.config import Config

from bucket.command import findings
from bucket.life_cycle import LifeCycle
from bucket.properties import properties
from bucket.store import Bucket
from tests.support.loopback import serving
from verify.finding import UnaskedError

LIFE_CYCLE = LifeCycle(replaced_days=90, half_days=7)


class _Unknowing(BaseHTTPRequestHandler):
    """Has a bucket, and knows nothing of it."""

    status, code = 501, "NotImplemented"

    def do_HEAD(self) -> None:
        self._answer(200, "")

    def do_GET(self) -> None:
        self._answer(self.status, f"<Error><Code>{self.code}</Code><Message>no</Message></Error>")

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


class _Refusing(_Unknowing):
    status, code = 403, "AccessDenied"

    def do_HEAD(self) -> None:
        self._answer(403, "")


class _Shy(_Unknowing):
    status, code = 403, "AccessDenied"


def _bucket(url: str) -> Bucket:
    client: Any = boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",  # noqa: S106 -- a word
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )
    return Bucket("files", "us-east-1", client)


@pytest.mark.parametrize(
    ("store", "told"),
    [
        (_Unknowing, "the store does not know this (NotImplemented)"),
        (_Shy, "refused to these keys, or somebody else's bucket (AccessDenied)"),
    ],
)
@pytest.mark.parametrize("create", [False, True])
def test_what_is_not_answered_is_neither_right_nor_wrong(
    store: type[_Unknowing], told: str, *, create: bool
) -> None:
    with serving(store) as url:
        first, *others = findings(_bucket(url), LIFE_CYCLE, create=create)
    assert (first.question, first.state) == ("bucket", "right")
    assert [one.question for one in others] == list(properties(LIFE_CYCLE))
    assert {(one.state, one.told) for one in others} == {("unasked", told)}


def test_a_bucket_that_these_keys_may_not_see_is_not_made() -> None:
    with serving(_Refusing) as url, pytest.raises(UnaskedError, match="refused to these keys"):
        list(findings(_bucket(url), LIFE_CYCLE, create=True))
