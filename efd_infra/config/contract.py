"""The in-cluster names that clients outside this program dial.

SAL producers, notebooks and other deployments hold these names in their own configuration, so
they are a contract: the namespaces and Services keep the names that the original charts gave
them (SQR-034's note for producers; ``lsst-sqre/argocd-efd:apps/*/values*.yaml``).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServiceAddress:
    """Where one Service answers inside the cluster."""

    namespace: str
    name: str
    port: int

    @property
    def host(self) -> str:
        """Service and namespace: resolves from every namespace of the cluster."""
        return f"{self.name}.{self.namespace}"

    @property
    def address(self) -> str:
        """``host:port``, as Kafka clients write it."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address as plain HTTP, which all in-cluster web services speak."""
        return f"http://{self.address}"


STREAMING_NAMESPACE = "cp-helm-charts"

KAFKA_BROKERS = ServiceAddress(STREAMING_NAMESPACE, "cp-helm-charts-cp-kafka-headless", 9092)
KAFKA_VIP = ServiceAddress(STREAMING_NAMESPACE, "cp-helm-charts-cp-kafka", 9092)
SCHEMA_REGISTRY = ServiceAddress(STREAMING_NAMESPACE, "cp-helm-charts-cp-schema-registry", 8081)
KAFKA_CONNECT = ServiceAddress(STREAMING_NAMESPACE, "cp-helm-charts-cp-kafka-connect", 8083)
INFLUXDB = ServiceAddress("influxdb", "influxdb", 8086)
CHRONOGRAF = ServiceAddress("chronograf", "chronograf-chronograf", 80)
# The same number as Kafka's port: a wrong host here is not a refused connection.
KAPACITOR = ServiceAddress("kapacitor", "kapacitor-kapacitor", 9092)
KAFDROP = ServiceAddress("kafdrop", "kafdrop", 9000)

# New here, so free to be chosen: the original had no Service or port of these names.
KAFKA_SERVICES = ServiceAddress(STREAMING_NAMESPACE, KAFKA_BROKERS.name, 9094)
KAFKA_REPLICATION = ServiceAddress(STREAMING_NAMESPACE, KAFKA_BROKERS.name, 9091)
KAFDROP_LOGIN = ServiceAddress("kafdrop", "kafdrop-login", 4180)
CONNECT_MANAGER_NAMESPACE = "kafka-connect-manager"
CONNECT_SCHEMAS = ServiceAddress(STREAMING_NAMESPACE, f"{KAFKA_CONNECT.name}-schemas", 8084)
AGGREGATED_SCHEMA_REGISTRY = ServiceAddress(
    STREAMING_NAMESPACE, "aggregated-schema-registry", SCHEMA_REGISTRY.port
)
"""Of the schemas of aggregates alone."""
TELEGRAF_NAMESPACE = "telegraf"
CONNECT_MANAGER_PORT = 8080
"""Where each connector's manager answers probes and shows its metrics."""
MIRROR_MAKER = ServiceAddress("mirror-maker", "mirror-maker", 8083)
MIRROR_MAKER_SCHEMAS = ServiceAddress("mirror-maker", "mirror-maker-schemas", 8083)

BACKUP_NAMESPACE = "backup"
INFLUXDB_DOOR = ServiceAddress("influxdb", "influxdb-door", 8089)
"""Who knows a key reaches InfluxDB's port for backups through it."""
CHRONOGRAF_DOOR = ServiceAddress("chronograf", "chronograf-door", 8089)
KAPACITOR_DOOR = ServiceAddress("kapacitor", "kapacitor-door", 8089)

JMX_PORT = 5556
"""The JMX exporter's port in every Java pod (``confluentinc/cp-helm-charts``)."""

AGGREGATOR = ServiceAddress("kafka-aggregator", "kafka-aggregator", JMX_PORT)
"""Nobody dials it but for its metrics."""

STORE_PORT = 5557
"""Where a container beside a server tells how much room the server's store has."""


def store_service(address: ServiceAddress) -> ServiceAddress:
    """Return the headless Service of what tells the room of each store behind ``address``."""
    return ServiceAddress(address.namespace, f"{address.name}-store", STORE_PORT)


def jmx_service(address: ServiceAddress) -> ServiceAddress:
    """Return the headless Service that names every pod behind ``address`` for scraping."""
    return ServiceAddress(address.namespace, f"{address.name}-jmx", JMX_PORT)


def connect_manager(connector: str) -> ServiceAddress:
    """Return the headless Service of one connector's manager, for scraping."""
    return ServiceAddress(CONNECT_MANAGER_NAMESPACE, connector, CONNECT_MANAGER_PORT)
