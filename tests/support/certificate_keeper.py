"""The script that keeps a broker's certificate, run beside a folder in the place of the Secret."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from devkit import certificates
from efd_infra.artifacts import read_artifact
from tests.support.waiting import wait_for

HOST = "kafka.example.org"
OWN = "kafka-1.example.org"
_TABLE = """\
INTERNAL 9092 kafka-{broker}.headless 9092 0
EXTERNAL 19092 kafka-{broker}.example.org 31090 1
"""


wait = partial(wait_for, seconds=30)


@dataclass(frozen=True)
class Keeper:
    """A pod's volumes, and the script that works in them."""

    folder: Path
    table: str = _TABLE
    env: Mapping[str, str] = field(default_factory=dict)
    """What the script is told besides."""

    def __post_init__(self) -> None:
        for name in ("secret", "settings", "run"):
            (self.folder / name).mkdir()
        certificates.authority(self.folder / "authority", "an authority")
        (self.folder / "settings" / "listeners").write_text(self.table)
        for file in ("certificate.sh", "certificate.awk"):
            (self.folder / "settings" / file).write_text(read_artifact(f"kafka/{file}"))

    @property
    def keystore(self) -> Path:
        """The broker's file."""
        return self.folder / "run" / "external.pem"

    @property
    def log(self) -> str:
        """What the script has said."""
        return (self.folder / "log").read_text()

    def issue(
        self,
        name: str,
        hosts: tuple[str, ...] = (HOST, OWN),
        *,
        begins: timedelta = certificates.BEGIN,
        ends: timedelta = certificates.LIFE,
    ) -> None:
        """Have the authority sign a pair."""
        where = self.folder / "authority"
        certificates.issue(where, name, hosts, common_name=name, begins=begins, ends=ends)

    def pair(self, key: str, certificate: str | None = None) -> dict[str, str]:
        """Return the files of a pair, or of a key with another one's certificate."""
        where = self.folder / "authority"
        return {
            "tls.key": (where / f"{key}.key").read_text(),
            "tls.crt": (where / f"{certificate or key}.crt").read_text(),
        }

    def give(self, files: Mapping[str, str]) -> None:
        """Replace the Secret's files as the kubelet does: all at once, behind a link."""
        secret = self.folder / "secret"
        version = secret / f"..{time.monotonic_ns()}"
        version.mkdir()
        for name, text in files.items():
            (version / name).write_text(text)
            link = secret / name
            if not link.is_symlink():
                link.symlink_to(f"..data/{name}")
        (secret / "..draft").symlink_to(version.name)
        (secret / "..draft").rename(secret / "..data")

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the script; it ends at the first request."""
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 -- the artifact under test
                ["/bin/sh", str(self.folder / "settings" / "certificate.sh"), "-Xmx64m"],
                env={
                    "BOOTSTRAP": "localhost:9091",
                    "BOOTSTRAP_HOST": HOST,
                    "CERTIFICATE_DIR": str(self.folder / "secret"),
                    "CLIENT_PROPERTIES": str(self.folder / "client.properties"),
                    "KAFKA_LIBS": "/libs",
                    "KEYSTORE": str(self.keystore),
                    "LISTENER": "EXTERNAL",
                    "PATH": os.environ["PATH"],
                    "PERIOD": "0.1",
                    "POD_NAME": "cp-helm-charts-cp-kafka-1",
                    "SETTINGS_DIR": str(self.folder / "settings"),
                    **self.env,
                },
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)  # while a JVM runs, the shell does not hear

    @contextmanager
    def started(self) -> Iterator[None]:
        """Run the script from a good pair, `first`."""
        self.issue("first")
        self.give(self.pair("first"))
        with self.running():
            wait(lambda: "written" in self.log, "a file")
            yield

    def has(self, name: str) -> bool:
        """Whether the broker's file holds a pair."""
        return self.keystore.read_text() == "".join(self.pair(name).values())
