"""Kafka Connect: its workers and their plugins."""

from pydantic import Field

from efd_infra.config.cluster import Resources
from efd_infra.config.images import Artifact
from efd_infra.config.section import Section
from efd_infra.config.values import Cpu, Duration, Name, Quantity


class PluginSection(Artifact):
    """A plugin of the workers beside those of their image: a jar, a zip or a tar.gz."""

    name: Name
    """The folder it gets; any name used once."""


class ConnectSection(Section):
    """The workers that run connectors."""

    replicas: int = Field(default=3, ge=1)
    """Number of workers."""
    heap: Quantity = Quantity("512Mi")
    """JVM heap of each worker."""
    memory_limit: Quantity | None = None
    """Memory limit of each worker; 1.25 times the heap when absent."""
    cpu_limit: Cpu = Cpu("4")
    """CPU limit of each worker."""
    offset_flush_interval: Duration = Duration("60s")
    """How often source connectors' positions are written."""
    plugins: tuple[PluginSection, ...] = ()
    """Fetched before a worker starts; none starts without them."""

    @property
    def resources(self) -> Resources:
        """Requests and limits of a worker, which follow its heap."""
        limit = self.memory_limit or Quantity.of_bytes(self.heap.bytes * 1.25)
        return Resources(
            cpu=Cpu("500m"), memory=limit, cpu_limit=self.cpu_limit, memory_limit=limit
        )
