"""How the manager of a connector gets the configuration that it keeps in place."""

from collections.abc import Mapping
from dataclasses import dataclass

from efd_infra.artifacts import read_artifact
from efd_infra.config.archive import ConnectSinkSection, DatabaseSinkSection, ParquetSinkSection
from efd_infra.config.streaming import InfluxDbSinkSection
from efd_infra.config.values import Duration
from efd_infra.manifests.connectors import influxdb_sink_environment
from efd_infra.manifests.jdbc_sink import jdbc_sink_settings
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.s3_sink import s3_sink_settings

_PROGRAM, _TEXT = "generate.py", "connector.json"
_LOOK = Duration("15s")
"""How often a manager looks at a connector that follows topics by itself."""


@dataclass(frozen=True, kw_only=True)
class Generation:
    """A command that prints the configuration, and what it needs."""

    command: str
    """With ``{folder}`` where its files are."""
    files: Mapping[str, str]
    environment: Mapping[str, str]
    asks_kafka: bool
    """Whether it asks the brokers for topics, and so logs in at them."""


def generation(
    section: ConnectSinkSection,
    *,
    bootstrap: str,
    connect_url: str,
    influxdb_url: str,
) -> Generation:
    """Return how the configuration of a sink is made.

    That of the InfluxDB sink has a clause for each topic, and so is made by ``kafkaconnect`` again
    and again. Another's is text: it finds its topics by a pattern.
    """
    if isinstance(section, InfluxDbSinkSection):
        return Generation(
            command=f"python3 {{folder}}/{_PROGRAM}",
            files={_PROGRAM: read_artifact(f"connect/{_PROGRAM}")},
            environment={
                **influxdb_sink_environment(
                    section,
                    bootstrap=bootstrap,
                    connect_url=connect_url,
                    influxdb_url=influxdb_url,
                ),
                "LOGIN_DIR": LOGIN_DIR,
            },
            asks_kafka=True,
        )
    return Generation(
        command=f"cat {{folder}}/{_TEXT}",
        files={_TEXT: _text(section)},
        environment={
            "KAFKA_CONNECT_URL": connect_url,
            "KAFKA_CONNECT_NAME": section.name,
            "KAFKA_CONNECT_CHECK_INTERVAL": str(_LOOK.milliseconds),
        },
        asks_kafka=False,
    )


def _text(section: ParquetSinkSection | DatabaseSinkSection) -> str:
    if isinstance(section, ParquetSinkSection):
        return s3_sink_settings(section)
    return jdbc_sink_settings(section)
