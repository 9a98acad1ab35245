"""What Telegraf collects and where it writes."""

from pydantic import Field

from efd_infra.config.cluster import Resources
from efd_infra.config.identifier import Identifier, LabelKey, LabelValue
from efd_infra.config.section import Section
from efd_infra.config.values import Cpu, Duration, Quantity


class NodesSection(Section):
    """A Telegraf on each node: its CPU, memory, load, disk traffic and container file system."""

    node_labels: dict[LabelKey, LabelValue] = Field(default_factory=dict)
    """Labels of the nodes that are measured; none: all that take pods."""
    resources: Resources = Resources(
        cpu=Cpu("20m"),
        memory=Quantity("64Mi"),
        cpu_limit=Cpu("200m"),
        memory_limit=Quantity("256Mi"),
    )
    """Of each."""


class MonitoringSection(Section):
    """Telegraf: metrics of every Java pod and Connect manager, and InfluxDB's own metrics."""

    database: Identifier = Identifier("telegraf")
    """InfluxDB database."""
    interval: Duration = Duration("60s")
    """Time between collections; ten seconds was too much for the nodes (June 2022)."""
    resources: Resources = Resources(
        cpu=Cpu("100m"), memory=Quantity("256Mi"), cpu_limit=Cpu("1"), memory_limit=Quantity("1Gi")
    )
    """Of the server."""
    nodes: NodesSection | None = None
    """Absent: nodes are not measured, as where the cluster's own monitoring does it."""
