"""A bucket as the destination of backups: against a server and a signer that others wrote."""

import hashlib
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import ThreadedMotoServer

from efd_infra.artifacts.backup.bucket import Bucket, StoreError
from efd_infra.artifacts.backup.destination import DamagedError, checked, get, put
from efd_infra.artifacts.backup.signature import Signer, canonical

SIGNER = Signer("AKIDEXAMPLE", "the/secret+key", "us-west-2")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, request: pytest.FixtureRequest) -> Bucket:
    name = re.sub("[^a-z0-9]", "-", request.node.name)[:50].strip("-")
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-west-2",
        aws_access_key_id="a",
        aws_secret_access_key="b",  # noqa: S106 -- a word
    )
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    return Bucket(endpoint, name, "efd/base/", SIGNER, part=5 << 20)


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        (
            "GET",
            "/bucket",
            {"list-type": "2", "prefix": "a b/c+d", "continuation-token": "x=/"},
            b"",
        ),
        ("PUT", "/bucket/efd/caf%C3%A9%20x.json", {}, b"text"),
        ("POST", "/bucket/key", {"uploads": ""}, b""),
        ("DELETE", "/bucket/key", {"uploadId": "a.b~c_d-e"}, b""),
    ],
)
def test_requests_are_signed_as_amazon_s_own_library_signs_them(
    method: str, path: str, query: dict[str, str], body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_795_000_000.0
    ours = SIGNER.headers(method, "store.example.org:9443", path, query, body, now)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    url = f"https://store.example.org:9443{path}" + (f"?{canonical(query)}" if query else "")
    request = AWSRequest(method, url, data=body, headers={"Host": "store.example.org:9443"})
    auth = S3SigV4Auth(Credentials("AKIDEXAMPLE", "the/secret+key"), "s3", "us-west-2")
    monkeypatch.setattr(
        "botocore.auth.get_current_datetime", lambda: datetime.fromtimestamp(now, UTC)
    )
    auth.add_auth(request)
    assert ours["x-amz-date"] == stamp == request.headers["X-Amz-Date"]
    assert ours["authorization"] == request.headers["Authorization"]


def test_a_file_comes_back_as_it_was(bucket: Bucket) -> None:
    digest = put(bucket, "copies/a b.json", b"some words")
    assert get(bucket, "copies/a b.json", digest) == b"some words"
    assert bucket.sizes("copies/") == {"copies/a b.json": 10}


def test_a_large_file_is_stored_in_parts(bucket: Bucket) -> None:
    piece = bytes(range(256)) * 4096
    with bucket.writing("large") as take:
        for _ in range(12):
            take(piece)
    assert bucket.sizes("large") == {"large": 12 << 20}
    digest = hashlib.sha256(piece * 12).hexdigest()
    assert sum(map(len, checked(bucket, "large", digest))) == 12 << 20


def test_a_file_that_was_begun_and_not_ended_is_not_there(bucket: Bucket) -> None:
    with pytest.raises(RuntimeError):
        _begin(bucket)
    assert bucket.sizes("") == {}
    assert b"<Upload>" not in bucket.ask("GET", "", {"uploads": ""})


def test_more_files_than_fit_into_one_list_are_listed(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        put(bucket, f"many/{number}", b"x")
    ask = Bucket.ask

    def two_at_a_time(
        self: Bucket, method: str, key: str, query: dict[str, str] | None = None, body: bytes = b""
    ) -> bytes:
        return ask(self, method, key, {**(query or {}), "max-keys": "2"}, body)

    monkeypatch.setattr(Bucket, "ask", two_at_a_time)
    assert len(bucket.sizes("many/")) == 5


def test_what_is_removed_is_gone(bucket: Bucket) -> None:
    put(bucket, "old", b"x")
    bucket.remove("old")
    assert bucket.sizes("") == {}
    with pytest.raises(DamagedError, match="old is missing"):
        get(bucket, "old")


def test_a_byte_that_changed_is_noticed(bucket: Bucket) -> None:
    digest = put(bucket, "file", b"some words")
    put(bucket, "file", b"some worms")
    with pytest.raises(DamagedError, match="file is damaged"):
        get(bucket, "file", digest)


def test_a_store_that_refuses_is_not_asked_again(bucket: Bucket) -> None:
    with pytest.raises(StoreError, match="answers 404"):
        put(replace(bucket, name="another-bucket"), "file", b"x")


def test_a_store_that_is_gone_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    gone = Bucket("http://127.0.0.1:9", "bucket", "", SIGNER)
    with pytest.raises(StoreError, match="does not answer"):
        put(gone, "file", b"x")


def _begin(bucket: Bucket) -> None:
    with bucket.writing("cut") as take:
        take(bytes(6 << 20))
        raise RuntimeError
