"""An S3-compatible store on loopback that answers with a certificate of its own (moto)."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from devkit import certificates

KEYS = {"AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "a secret"}


class _Quiet(MotoRequestHandler):
    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Keep the test's output clean."""


@dataclass(frozen=True)
class TlsStore:
    """Where it answers, and by whom its certificate is signed."""

    endpoint: str
    authority: Path

    @cache  # noqa: B019 -- few, and as short-lived as a run of tests
    def client(self, region: str) -> Any:
        """Return Amazon's own client of it, which takes half a second to make."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=region,
            verify=str(self.authority),
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )


@contextmanager
def tls_store(folder: Path) -> Iterator[TlsStore]:
    """Run it; its certificates are written to ``folder``."""
    certificates.authority(folder, "a store's authority")
    certificates.issue(folder, "store", ("localhost",), common_name="store")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "store.crt", folder / "store.key")
    server = make_server(
        "127.0.0.1",
        0,
        DomainDispatcherApplication(create_backend_app),
        threaded=True,
        request_handler=_Quiet,
        ssl_context=context,
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield TlsStore(f"https://localhost:{server.server_port}", folder / "ca.crt")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
