"""Signatures of requests to S3 (AWS Signature Version 4), as far as storing files needs them."""

import hashlib
import hmac
import time
from dataclasses import dataclass
from urllib.parse import quote, urlencode

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Signer:
    """Signs as the owner of a pair of keys, for one region."""

    access_key: str
    secret_key: str
    region: str

    def headers(  # noqa: PLR0913, PLR0917 -- what is signed
        self,
        method: str,
        host: str,
        path: str,
        query: dict[str, str],
        body: bytes,
        now: float | None = None,
    ) -> dict[str, str]:
        """Return the headers that a request needs; ``path`` is quoted already.

        The digest of the body is signed too, so that the store refuses what was changed on its way.
        """
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        digest = hashlib.sha256(body).hexdigest()
        signed = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": stamp}
        names = ";".join(signed)
        lines = [
            method,
            path,
            canonical(query),
            *(f"{name}:{value}" for name, value in signed.items()),
            "",
            names,
            digest,
        ]
        scope = f"{stamp[:8]}/{self.region}/s3/aws4_request"
        text = "\n".join([_ALGORITHM, stamp, scope, _sha256("\n".join(lines))])
        signature = hmac.new(self._key(stamp[:8]), text.encode(), "sha256").hexdigest()
        credential = f"Credential={self.access_key}/{scope}"
        return {
            **signed,
            "authorization": (
                f"{_ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"
            ),
        }

    def _key(self, day: str) -> bytes:
        key = f"AWS4{self.secret_key}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return key


def canonical(query: dict[str, str]) -> str:
    """Return a query as it is signed and sent."""
    return urlencode(sorted(query.items()), quote_via=quote, safe="-_.~")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
