"""A site: one frozen value that says everything a deployment needs to know."""

from efd_infra.config.archive import ArchiveSection, ConnectSinkSection
from efd_infra.config.backup import BackupSection
from efd_infra.config.cloud import CloudSection
from efd_infra.config.cluster import ClusterSection
from efd_infra.config.dns import DnsSection
from efd_infra.config.endpoint import Endpoint
from efd_infra.config.images import ImagesSection
from efd_infra.config.monitoring import MonitoringSection
from efd_infra.config.replication import ReplicationSection
from efd_infra.config.section import Section
from efd_infra.config.streaming import StreamingSection
from efd_infra.config.timeseries import TimeseriesSection
from efd_infra.config.values import Alias, Hostname, Name


class Site(Section):
    """One EFD instance. A layer exists if its section exists."""

    name: Name
    """Name of the site; also its stack's name."""
    alias: Alias | None = None
    """What the EFD client calls the site; absent where the client does not know it."""
    cluster: ClusterSection
    """The Kubernetes cluster."""
    cloud: CloudSection | None = None
    """Where that cluster is made, and when it ends. Absent: it is there already."""
    images: ImagesSection = ImagesSection()
    """Images held back or mirrored."""
    streaming: StreamingSection
    """Kafka and what surrounds it."""
    timeseries: TimeseriesSection
    """InfluxDB and what surrounds it."""
    monitoring: MonitoringSection | None = None
    """Telegraf."""
    backup: BackupSection | None = None
    """Copies of all this. Absent: none are taken."""
    archive: ArchiveSection | None = None
    """What is kept for years. Absent: nothing but what InfluxDB and Kafka keep."""
    dns: DnsSection | None = None
    """The site's names in a zone of Route 53. Absent: somebody else makes them, as ``dnsRecords``
    says."""
    replication: ReplicationSection | None = None
    """The mirror of another site. Topics and schema ids keep their names and numbers, so those of
    two sources would clash; a prefix for each is not supported."""

    @property
    def connect_sinks(self) -> tuple[ConnectSinkSection, ...]:
        """The sinks that Connect runs, wherever they write to."""
        archived = self.archive.sinks if self.archive else ()
        return (*self.streaming.sinks("connect"), *archived)

    @property
    def balancers(self) -> int:
        """The load balancers that the brokers answer at; each has a public address."""
        kafka = self.streaming.kafka
        return kafka.brokers if kafka.external and kafka.external.type == "LoadBalancer" else 0

    def endpoint(self, host: Hostname) -> Endpoint:
        """Return the public address of the service at ``host``."""
        return Endpoint(host=host, port=self.cluster.public_port)
