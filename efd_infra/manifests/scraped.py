"""What Telegraf asks for metrics: Services, every pod of which is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from efd_infra.config import contract
from efd_infra.config.contract import ServiceAddress, connect_manager, jmx_service, store_service
from efd_infra.config.site import Site
from efd_infra.manifests.measurements.measurement import Writer
from efd_infra.manifests.telegraf_sink import companion_service


@dataclass(frozen=True, kw_only=True)
class Scraped:
    """A headless Service whose pods answer with metrics."""

    address: ServiceAddress
    pods: int
    """How many there should be."""
    writer: Writer
    """Whose figures they are."""
    always: str
    """A metric that each pod always has once."""
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tags by which it is theirs and nobody else's."""


def watched_pods(site: Site) -> tuple[Scraped, ...]:
    """Return all that Telegraf asks: the brokers, each by its own name, and the Services."""
    brokers = Scraped(
        address=jmx_service(contract.KAFKA_VIP),
        pods=site.streaming.kafka.brokers,
        writer=Writer.BROKERS,
        always="kafka_server_kafkaserver_brokerstate",
    )
    return (brokers, *scraped_services(site))


def scraped_services(site: Site) -> tuple[Scraped, ...]:
    """Return the Service of every other workload of the site that has metrics."""
    return (*_java(site), *_stores(site), *_others(site))


def mirror_services(site: Site) -> tuple[Scraped, ...]:
    """Return those of the links from another site."""
    namespace = contract.MIRROR_MAKER.namespace
    return tuple(service for service in _java(site) if service.address.namespace == namespace)


def _java(site: Site) -> Iterator[Scraped]:
    streaming, mirror = site.streaming, site.replication
    yield _agents(contract.SCHEMA_REGISTRY, Writer.REGISTRY, streaming.schema_registry.replicas)
    if aggregation := streaming.aggregation:
        yield _agents(contract.AGGREGATOR, Writer.AGGREGATOR, aggregation.workers)
        servers = aggregation.registry.replicas
        yield _agents(contract.AGGREGATED_SCHEMA_REGISTRY, Writer.REGISTRY, servers)
    if streaming.connect:
        yield _agents(contract.KAFKA_CONNECT, Writer.CONNECT, streaming.connect.replicas)
    if mirror:
        yield _agents(contract.MIRROR_MAKER, Writer.MIRROR, mirror.data_link.workers)
    if mirror and mirror.schemas:
        workers = mirror.schemas_link.workers
        yield _agents(contract.MIRROR_MAKER_SCHEMAS, Writer.MIRROR, workers)


def _agents(service: ServiceAddress, writer: Writer, pods: int) -> Scraped:
    """Return the JMX exporters behind a service, by what they say of themselves."""
    return _scraped(jmx_service(service), writer, pods, "jmx_scrape_duration_seconds")


def _stores(site: Site) -> Iterator[Scraped]:
    pods = {contract.KAFKA_VIP: site.streaming.kafka.brokers, contract.INFLUXDB: 1}
    for address, number in pods.items():
        yield _scraped(store_service(address), Writer.CLAIMS, number, "efd_claim_size_bytes")


def _others(site: Site) -> Iterator[Scraped]:
    streaming, awaited = site.streaming, "efd_sink_schemas_awaited"
    for sink in streaming.sinks("telegraf"):
        yield _scraped(companion_service(sink), Writer.COMPANIONS, sink.tasks, awaited)
    if streaming.connect:
        pods = streaming.connect.replicas
        yield _scraped(contract.CONNECT_SCHEMAS, Writer.COMPANIONS, pods, awaited)
    for connector in site.connect_sinks:
        yield _scraped(connect_manager(connector.name), Writer.MANAGERS, 1, "efd_connector_topics")


def _scraped(address: ServiceAddress, writer: Writer, pods: int, always: str) -> Scraped:
    """Return a service that Telegraf's tag ``url`` tells from others."""
    where = {"url": f"{address.url}/metrics"}
    return Scraped(address=address, pods=pods, writer=writer, always=always, where=where)
