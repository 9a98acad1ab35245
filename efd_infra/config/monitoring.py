"""What Telegraf collects and where it writes."""

from efd_infra.config.cluster import Resources
from efd_infra.config.identifier import Identifier
from efd_infra.config.section import Section
from efd_infra.config.values import Cpu, Duration, Quantity


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
