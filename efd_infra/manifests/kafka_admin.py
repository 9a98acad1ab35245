"""What the scripts that ask the brokers need, wherever they run."""

from efd_infra.config.cluster import Resources
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests.java import KAFKA_LIBS
from efd_infra.manifests.kafka_client import CLIENT_PROPERTIES, LOGIN_DIR

ADMIN_USER = 1000
"""``appuser`` of Apache Kafka's image."""

ADMIN_RESOURCES = Resources(
    cpu=Cpu("100m"), memory=Quantity("256Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("256Mi")
)
"""Of a Job: one Java machine with a heap of 96 MiB at most at a time."""

TOOL_JVM = ("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of a Java machine that runs for a second, for scripts that take them as arguments."""

_TOOL_TIMEOUT = 20
"""Seconds for one question, once its Java machine has started."""


def access_environment(bootstrap: str, settings_dir: str) -> dict[str, str]:
    """Return the variables of every script that runs Kafka's tools."""
    return {
        "BOOTSTRAP": bootstrap,
        "CLIENT_PROPERTIES": f"{LOGIN_DIR}/{CLIENT_PROPERTIES}",
        "KAFKA_LIBS": KAFKA_LIBS,
        "SETTINGS_DIR": settings_dir,
    }


def admin_environment(bootstrap: str, settings_dir: str) -> dict[str, str]:
    """Return the variables that ``admin.sh`` reads."""
    return {
        **access_environment(bootstrap, settings_dir),
        "TOOL_TIMEOUT": str(_TOOL_TIMEOUT),
    }
