"""The JMX exporter inside a Java pod: fetched at start, published on one port.

Owns the agent's init container, its rules and the headless Service by which each pod is scraped.
Stops before who scrapes.
"""

from dataclasses import dataclass

from efd_infra.artifacts import read_artifact
from efd_infra.components.foundation.config_map import config_files
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container
from efd_infra.components.foundation.service import headless_service
from efd_infra.components.foundation.volume import Volume, config_volume, scratch_volume
from efd_infra.config.cluster import Resources
from efd_infra.config.contract import JMX_PORT, ServiceAddress, jmx_service
from efd_infra.config.values import Cpu, Quantity

_AGENT_DIR = "/opt/efd/agent"
_RULES_DIR = "/etc/efd/jmx"
_RULES = "rules.yaml"


@dataclass(frozen=True, kw_only=True)
class JmxAgent:
    """What a Java pod adds to publish its metrics."""

    init_container: Container
    volumes: tuple[Volume, ...]

    # The launcher reads the file, which is empty when the agent could not be fetched. Every
    # other `java` in the container must be started with the variable unset, or it would claim
    # the agent's port.
    env = {"JDK_JAVA_OPTIONS": f"@{_AGENT_DIR}/options"}  # noqa: RUF012 -- constant
    ports = {"metrics": JMX_PORT}  # noqa: RUF012 -- constant


def jmx_agent(
    logical_name: str,
    rules: str,
    address: ServiceAddress,
    platform: Platform,
    placement: Placement,
) -> JmxAgent:
    """Register the rules (an artifact's path) and the scrape Service behind ``address``."""
    agent = scratch_volume("jmx-agent", _AGENT_DIR, Quantity("16Mi"))
    files = config_files(f"{logical_name}-jmx-rules", {_RULES: read_artifact(rules)}, placement)
    headless_service(f"{logical_name}-jmx", jmx_service(address), JmxAgent.ports, placement)
    return JmxAgent(
        init_container=_fetcher(agent, platform),
        volumes=(agent, config_volume("jmx-rules", _RULES_DIR, files)),
    )


def _fetcher(agent: Volume, platform: Platform) -> Container:
    artifact = platform.images.jmx_exporter
    return Container(
        name="jmx-agent",
        image=platform.images.fetch,
        command=["/bin/sh", "-c", read_artifact("fetch/fetch.sh") + read_artifact("jmx/agent.sh")],
        env={
            "AGENT_DIR": _AGENT_DIR,
            "AGENT_URL": platform.images.address(artifact),
            "AGENT_SHA256": artifact.sha256,
            "AGENT_PORT": str(JMX_PORT),
            "AGENT_RULES": f"{_RULES_DIR}/{_RULES}",
            "FETCH_RETRIES": "3",
        },
        volumes=[agent],
        resources=Resources(
            cpu=Cpu("50m"),
            memory=Quantity("64Mi"),
            cpu_limit=Cpu("500m"),
            memory_limit=Quantity("64Mi"),
        ),
    )
