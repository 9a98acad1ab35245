"""Kafka: the brokers, how clients reach them, and who may log in."""

from typing import Literal

from pydantic import Field

from efd_infra.config.cluster import Resources, Storage
from efd_infra.config.contract import KAFKA_VIP, ServiceAddress
from efd_infra.config.identifier import LabelKey, LabelValue, Prefix
from efd_infra.config.kafka_user import KafkaUserSection
from efd_infra.config.listener import REPLICATION, SCRAM, SERVICES, Listener, internal_listener
from efd_infra.config.section import NodePort, Section
from efd_infra.config.values import (
    Cpu,
    Duration,
    Hostname,
    HostPattern,
    IpAddress,
    KafkaRelease,
    Name,
    Quantity,
)

CONTROLLERS = 3
"""Voters of a KRaft quorum that survives the loss of one; further brokers are brokers only."""

MOST_BROKERS = 99
"""Where brokers have node ports of their own, those of one site are next to each other."""


_BALANCED_PORT = 9094
"""Where every broker answers that has an address of its own; Strimzi's load balancers too."""


class ExternalListener(Section):
    """Brokers reachable from outside the cluster, each by a Service of its own.

    They show the site's certificate, which must have every name below, and ask for a login.
    """

    type: Literal["NodePort", "LoadBalancer"] = "NodePort"
    """Of the Services: a port on every node for each broker, or an address for each broker."""
    bootstrap: Hostname
    """The name that clients are given; resolves to the nodes, or to the brokers' addresses."""
    advertised: HostPattern | None = None
    """What each broker tells its clients; the bootstrap name when absent, which is enough
    because every node answers on every node port."""
    first_node_port: NodePort = 31090
    """Node port of broker 0; broker n answers on this plus n."""
    addresses: tuple[IpAddress, ...] = ()
    """The load balancers' addresses, broker 0's first; empty: those that the cluster chooses."""

    @property
    def address(self) -> str:
        """Where clients begin: ``host:port``."""
        return f"{self.bootstrap}:{self.listener.advertised_port}"

    def balancer(self, broker: int) -> ServiceAddress:
        """Return the load balancer of one broker."""
        name = f"{KAFKA_VIP.name}-{broker}-loadbalancer"
        return ServiceAddress(KAFKA_VIP.namespace, name, _BALANCED_PORT)

    @property
    def listener(self) -> Listener:
        """This listener as the one object from which everything is derived."""
        balanced = self.type == "LoadBalancer"
        return Listener(
            name="EXTERNAL",
            encrypted=True,
            mechanism=SCRAM,
            port=19092,
            advertised=self.advertised or HostPattern(self.bootstrap),
            advertised_port=_BALANCED_PORT if balanced else self.first_node_port,
            port_per_broker=not balanced,
        )


class InternalListener(Section):
    """Brokers at the names that clients of the same Kubernetes cluster dial."""

    namespaces: tuple[Name, ...] = ()
    """Namespaces whose pods may connect; empty, where a login is asked for: those that
    ``cluster.clients`` names."""
    anonymous: bool = False
    """Whether nobody logs in, for producers that cannot: whoever is in one of the namespaces may
    create and write topics of SAL, and nothing else. Without encryption either way."""

    @property
    def listener(self) -> Listener:
        """This listener as the one object from which everything is derived."""
        return internal_listener(anonymous=self.anonymous)


class KafkaSection(Section):
    """The brokers, which are also the first controllers (KRaft, no ZooKeeper)."""

    brokers: int = Field(default=3, ge=1, le=MOST_BROKERS)
    """Number of brokers."""
    storage: Storage
    """One claim per broker."""
    ingest_per_day: Quantity = Quantity("187Gi")
    """What producers write in a day, before replication: 200 GB (lsst-sqre/sqr-050, 2020)."""
    heap: Quantity = Quantity("2Gi")
    """JVM heap, minimum and maximum alike."""
    resources: Resources = Resources(
        cpu=Cpu("1"), memory=Quantity("4Gi"), cpu_limit=Cpu("4"), memory_limit=Quantity("8Gi")
    )
    """Per broker; what the heap leaves free is page cache, which Kafka reads from."""
    retention: Duration = Duration("72h")
    """How long records are kept, unless a topic says otherwise."""
    offsets_retention: Duration = Duration("7d")
    """How long the position of a silent consumer group is kept."""
    tombstone_retention: Duration = Duration("1d")
    """How long compacted topics show a deletion."""
    replication_factor: int = Field(default=3, ge=1)
    """Copies of each record in topics that do not choose, and in Kafka's own topics."""
    min_in_sync_replicas: int = Field(default=2, ge=1)
    """Copies that must have a record before a producer with acks=all is answered."""
    auto_create_topics: bool = True
    """Whether a first record creates its topic; SAL producers create their own."""
    max_message: Quantity = Quantity("10Mi")
    """Largest record batch, in the brokers and in everything that reads from them."""
    node_labels: dict[LabelKey, LabelValue] = Field(default_factory=dict)
    """Labels of the nodes that may carry brokers."""
    internal: InternalListener = InternalListener()
    """How other clients inside the cluster connect."""
    external: ExternalListener | None = None
    """Absent: brokers are reachable inside the cluster only."""
    users: tuple[KafkaUserSection, ...] = ()
    """Who may log in, besides this program's own services."""
    checked_changes: bool = True
    """Whether a change first asks the brokers if they can bear it, and is refused where they
    cannot. False for a repair of brokers that do not answer."""
    may_pause: tuple[Prefix, ...] = ()
    """Prefixes of topics whose producers may wait while a broker restarts; of others, a topic
    without a replica to spare keeps every broker from being restarted."""
    metadata_version: KafkaRelease | None = None
    """The release whose metadata and features the cluster uses: raised by itself, after an upgrade
    of the image has proved itself, because it cannot be lowered. Absent: as it is; a new
    cluster takes the image's own."""
    login_generation: int = Field(default=1, ge=1)
    """Raised by one, it gives the brokers, and every service of this program, new passwords."""

    @property
    def external_hosts(self) -> tuple[str, ...]:
        """The names of the external listener, all of which its certificate must have."""
        if self.external is None:
            return ()
        advertised = {self.external.listener.advertised.host(n) for n in range(self.brokers)}
        return tuple(sorted({self.external.bootstrap, *advertised}))

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """Every way in, besides the controllers'."""
        outside = (self.external.listener,) if self.external else ()
        return (REPLICATION, self.internal.listener, SERVICES, *outside)

    @property
    def may_pause_prefixes(self) -> tuple[str, ...]:
        """Prefixes of topics that may pause; ``*`` is all of them.

        Where the site's own topics have no replica to spare, it has said so of all.
        """
        spare = self.replication_factor > self.min_in_sync_replicas
        return self.may_pause if spare else ("*",)

    @property
    def storage_needed(self) -> Quantity:
        """What one broker must hold: ingest over retention, replicated, with a quarter spare."""
        days = self.retention.seconds / 86_400
        copies = self.replication_factor / self.brokers
        return Quantity.of_bytes(self.ingest_per_day.bytes * days * copies * 1.25)

    @property
    def controllers(self) -> int:
        """Nodes 0 to this minus one vote in the controller quorum."""
        return CONTROLLERS if self.brokers >= CONTROLLERS else 1
