"""How the demo's servers are reached: noted once it is deployed, so that nobody waits for Pulumi.

The file holds passwords, so only its owner may read it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from devkit.traffic.access import Kafka, Web


@dataclass(frozen=True)
class Facts:
    """Addresses and logins of a deployed site, and the site file that they belong to."""

    site_digest: str
    """SHA-256 of the file that was deployed."""
    bootstrap: str
    """Of the brokers, for clients outside."""
    passwords: Mapping[str, str]
    """Of the brokers' users."""
    registry: str
    influx: str
    reader: str
    """User of InfluxDB."""
    reader_password: str

    @classmethod
    def of(cls, outputs: Mapping[str, Any], digest: str, registry: str, influx: str) -> Self:
        """Take from a stack's outputs what clients need; registry and influx are URLs."""
        client = next(iter(outputs["efdClient"].values()))
        return cls(
            site_digest=digest,
            bootstrap=outputs["kafkaExternalBootstrap"],
            passwords={name: user["password"] for name, user in outputs["kafkaUsers"].items()},
            registry=registry,
            influx=influx,
            reader=client["username"],
            reader_password=client["password"],
        )

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Read what was noted; None when nothing was."""
        return cls(**json.loads(path.read_text())) if path.exists() else None

    def write(self, path: Path) -> None:
        """Note it."""
        write_private(path, json.dumps(asdict(self)))

    def kafka(self, user: str, authority: Path) -> Kafka:
        """The brokers as one of their users meets them, over SASL_SSL."""
        return Kafka(self.bootstrap, user, self.passwords[user], authority)

    @property
    def web(self) -> Web:
        """InfluxDB as its reader meets it."""
        return Web(self.influx, self.reader, self.reader_password)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, also while it is being written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
