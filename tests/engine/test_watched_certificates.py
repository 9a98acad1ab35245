"""What Telegraf measures of a certificate, with the settings that the program writes."""

import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from devkit import certificates
from devkit.images import store
from devkit.images.telegraf import PROGRAM
from devkit.workspace import Workspace
from efd_infra.config.monitoring import MonitoringSection
from efd_infra.config.published_name import PublishedName
from efd_infra.config.signals import CERTIFICATE_SOON
from efd_infra.manifests.telegraf import telegraf_conf

pytestmark = pytest.mark.engine

HOST = "kafka-0.example.org"
_DAY = 24 * 3600


@contextmanager
def _server(pki: Path) -> Iterator[str]:
    """Serve the pair of a folder on loopback, where the host has another name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pki / "server.crt", pki / "server.key")

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                raw, _ = listening.accept()
                with raw, suppress(OSError), context.wrap_socket(raw, server_side=True) as tls:
                    tls.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _measured(folder: Path, source: str) -> tuple[dict[str, str], int]:
    """Return the tags, and the seconds left, of the one point that Telegraf makes."""
    name = PublishedName(host=HOST, leads_to=("nodes",), shown_at=(source,))
    for secret in ("username", "password"):
        (folder / secret).write_text("telegraf")
    settings = folder / "telegraf.conf"
    settings.write_text(
        telegraf_conf(
            MonitoringSection(),
            influxdb_url="http://127.0.0.1:1",
            brokers=(),
            scraped=(),
            names=[name],
            credentials_dir=str(folder),
        )
    )
    telegraf = store.unpacked(Workspace.from_environment().cache, PROGRAM) / "usr/bin/telegraf"
    asked = subprocess.run(  # noqa: S603 -- built here
        [telegraf, "--config", settings, "--input-filter", "x509_cert", "--test"],
        capture_output=True,
        text=True,
        check=True,
    )
    (point,) = [line for line in asked.stdout.splitlines() if line.startswith("> x509_cert,")]
    series, _, fields = point.removeprefix("> ").replace("\\ ", "_").partition(" ")
    (left,) = re.findall(r"\bexpiry=(-?\d+)i", fields)
    return dict(tag.split("=", 1) for tag in series.split(",")[1:]), int(left)


@pytest.mark.parametrize("days", [20, 60])
def test_the_seconds_left_are_measured_whoever_signed_it(tmp_path: Path, days: int) -> None:
    """A site's own authority is none that a pod trusts."""
    certificates.authority(tmp_path, "the site's own")
    life = timedelta(days=days)
    certificates.issue(tmp_path, "server", [HOST], common_name="broker", ends=life)
    with _server(tmp_path) as source:
        tags, left = _measured(tmp_path, source)
    assert (days - 1) * _DAY < left <= days * _DAY
    assert (left < CERTIFICATE_SOON * _DAY) == (days == 20)
    assert (tags["source"], tags["host"]) == (source, HOST)
    assert tags["verification"] == "invalid", "what a client would say is not lost"


def test_an_expired_certificate_is_measured_too(tmp_path: Path) -> None:
    certificates.authority(tmp_path, "the site's own")
    life = timedelta(minutes=-30)
    certificates.issue(tmp_path, "server", [HOST], common_name="broker", ends=life)
    with _server(tmp_path) as source:
        _, left = _measured(tmp_path, source)
    assert left < 0
