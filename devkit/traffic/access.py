"""How a program of this package gets at a Kafka cluster, a registry, an InfluxDB."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kafka:
    """A Kafka cluster and who we are there."""

    bootstrap: str
    """Comma-separated `host:port`."""
    user: str = ""
    """SCRAM-SHA-512 user; without one, nobody is asked."""
    password: str = ""
    ca: Path | None = None
    """Certificate authority of the brokers; without one, connections are not encrypted."""

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of librdkafka."""
        protocol = ("SASL_" if self.user else "") + ("SSL" if self.ca else "PLAINTEXT")
        settings: dict[str, Any] = {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": protocol,
            # A broker that restarts is back in seconds, so ask again soon.
            "reconnect.backoff.max.ms": 1000,
            # While a broker is away every attempt would be a line; callers say what went wrong.
            "log_level": 2,
        }
        if self.ca:
            settings["ssl.ca.location"] = str(self.ca)
        if self.user:
            settings |= {
                "sasl.mechanism": "SCRAM-SHA-512",
                "sasl.username": self.user,
                "sasl.password": self.password,
            }
        return settings


@dataclass(frozen=True)
class Web:
    """A server that speaks HTTP."""

    url: str
    user: str = ""
    password: str = ""
    ca: Path | None = None

    @property
    def verify(self) -> str | bool:
        """What `requests` is to check the server's certificate with."""
        return str(self.ca) if self.ca else True

    @property
    def credentials(self) -> tuple[str, str] | None:
        """User and password, where there are any."""
        return (self.user, self.password) if self.user else None
