"""A bucket of an S3-compatible store as the destination of backups.

No image that the pods have carries a library for it; this is the part of the interface that a
backup needs: put whole or in parts, get, list, remove.
"""

import http.client
import time
import xml.etree.ElementTree as ET  # what is read comes from the site's own store
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from .signature import Signer, canonical

PART = 64 << 20
"""Bytes of a part. There may be 10,000 of them, so that a file may have 640 GB."""
PATIENCE = 120
"""Seconds that the store may take to go on."""
ATTEMPTS = 5
_CHUNK = 1 << 20
_OK, _NOT_FOUND, _SERVER_ERROR = 200, 404, 500
_SPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class StoreError(Exception):
    """The store did not do what it was asked."""


@dataclass(frozen=True)
class Bucket:
    """Files below a prefix of a bucket."""

    endpoint: str
    name: str
    prefix: str
    signer: Signer
    part: int = PART

    @contextmanager
    def writing(self, key: str) -> Iterator[Callable[[bytes], None]]:
        """Give a function that takes a file piece by piece; it is there only when all of it is."""
        upload = _Upload(self, key)
        try:
            yield upload.take
            upload.finish()
        except BaseException:
            upload.abandon()
            raise

    def read(self, key: str) -> Iterator[bytes]:
        """Yield a file piece by piece."""
        connection, answer = self._send("GET", key)
        try:
            while piece := answer.read(_CHUNK):
                yield piece
        finally:
            connection.close()

    def sizes(self, start: str) -> dict[str, int]:
        """Return the size of every file whose name begins with ``start``."""
        found: dict[str, int] = {}
        query = {"list-type": "2", "prefix": self.prefix + start}
        while True:
            tree = ET.fromstring(self.ask("GET", "", query))  # noqa: S314 -- the site's own store
            for item in tree.iter(f"{_SPACE}Contents"):
                key = item.findtext(f"{_SPACE}Key", "").removeprefix(self.prefix)
                found[key] = int(item.findtext(f"{_SPACE}Size", "0"))
            token = tree.findtext(f"{_SPACE}NextContinuationToken")
            if not token:
                return found
            query["continuation-token"] = token

    def remove(self, key: str) -> None:
        """Remove a file."""
        self.ask("DELETE", key)

    def ask(
        self, method: str, key: str, query: dict[str, str] | None = None, body: bytes = b""
    ) -> bytes:
        """Return what the store answers to one request."""
        connection, answer = self._send(method, key, query, body)
        try:
            return answer.read()
        finally:
            connection.close()

    def tag(self, key: str, query: dict[str, str], body: bytes) -> str:
        """Put a part; return what the store calls it."""
        connection, answer = self._send("PUT", key, query, body)
        try:
            answer.read()
            return answer.getheader("ETag", "")
        finally:
            connection.close()

    def _send(
        self, method: str, key: str, query: dict[str, str] | None = None, body: bytes = b""
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        trouble = ""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                connection, answer = self._once(method, key, query or {}, body)
            except (OSError, http.client.HTTPException) as error:
                trouble = f"does not answer: {error}"
            else:
                if answer.status // 100 == _OK // 100:
                    return connection, answer
                said = answer.read(500).decode(errors="replace")
                connection.close()
                if answer.status == _NOT_FOUND and "NoSuchKey" in said:
                    raise FileNotFoundError(key)
                trouble = f"answers {answer.status}: {' '.join(said.split())}"
                if answer.status < _SERVER_ERROR:
                    break
            time.sleep(2**attempt if attempt < ATTEMPTS else 0)
        raise StoreError(f"the store {trouble}")

    def _once(
        self, method: str, key: str, query: dict[str, str], body: bytes
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        parts = urlsplit(self.endpoint)
        named = f"/{quote(self.prefix + key)}" if key else ""
        path = f"/{quote(self.name)}{named}"
        kind = {"https": http.client.HTTPSConnection, "http": http.client.HTTPConnection}
        connection = kind[parts.scheme](parts.netloc, timeout=PATIENCE)
        try:
            headers = self.signer.headers(method, parts.netloc, path, query, body)
            target = f"{path}?{canonical(query)}" if query else path
            connection.request(method, target, body, headers)
            return connection, connection.getresponse()
        except BaseException:
            connection.close()
            raise


class _Upload:
    """One file on its way, at once where it is small, in parts where it is not."""

    def __init__(self, bucket: Bucket, key: str) -> None:
        self._bucket = bucket
        self._key = key
        self._held = bytearray()
        self._id = ""
        self._tags: list[str] = []

    def take(self, piece: bytes) -> None:
        """Take a piece."""
        self._held += piece
        while len(self._held) > self._bucket.part:
            self._put_part(bytes(self._held[: self._bucket.part]))
            del self._held[: self._bucket.part]

    def finish(self) -> None:
        """Make it the file."""
        if not self._id:
            self._bucket.ask("PUT", self._key, body=bytes(self._held))
            return
        self._put_part(bytes(self._held))
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>"
            for number, tag in enumerate(self._tags, start=1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        said = self._bucket.ask("POST", self._key, {"uploadId": self._id}, body)
        # It may answer that all is well before it knows.
        if b"<Error>" in said:
            raise StoreError(f"the store does not join the parts: {said[:500]!r}")

    def abandon(self) -> None:
        """Leave no part behind, as far as the store answers; its own rule must remove the rest."""
        if self._id:
            try:
                self._bucket.ask("DELETE", self._key, {"uploadId": self._id})
            except (StoreError, FileNotFoundError):
                return

    def _put_part(self, piece: bytes) -> None:
        if not self._id:
            said = self._bucket.ask("POST", self._key, {"uploads": ""})
            tree = ET.fromstring(said)  # noqa: S314 -- the site's own store
            self._id = tree.findtext(f"{_SPACE}UploadId", "")
        query = {"partNumber": str(len(self._tags) + 1), "uploadId": self._id}
        self._tags.append(self._bucket.tag(self._key, query, piece))
