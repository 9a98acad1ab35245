"""The names that a site publishes: what each must resolve to, and which certificate has it.

Outputs, the documents for DNS and the watch over certificates read these objects, so that none of
them knows a name that the others do not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from efd_infra.config.contract import ServiceAddress
from efd_infra.config.kafka import KafkaSection
from efd_infra.config.listener import REPLICATION
from efd_infra.config.site import Site
from efd_infra.config.values import Hostname

INGRESS = "ingress"
"""The addresses where the cluster's Ingress controller answers."""
NODES = "nodes"
"""The addresses of nodes, any or all."""


@dataclass(frozen=True, kw_only=True)
class PublishedName:
    """A host name that clients outside the cluster know, and whose certificate they see."""

    host: str
    leads_to: tuple[str, ...]
    """``ingress``, ``nodes``, or the load balancers ``service namespace/name``."""
    shown_at: tuple[str, ...]
    """Where a pod of the site sees the certificate with this name: ``tcp`` or ``https`` URLs."""


def web_hosts(site: Site) -> dict[str, Hostname]:
    """Return each public web host of the site by its path in the YAML."""
    timeseries, streaming = site.timeseries, site.streaming
    hosts = {"timeseries.influxdb.host": timeseries.influxdb.host}
    if timeseries.chronograf:
        hosts["timeseries.chronograf.host"] = timeseries.chronograf.host
    if streaming.schema_registry.host:
        hosts["streaming.schemaRegistry.host"] = streaming.schema_registry.host
    if streaming.kafdrop:
        hosts["streaming.kafdrop.host"] = streaming.kafdrop.host
    return hosts


def published_names(site: Site) -> tuple[PublishedName, ...]:
    """Return every name of a site; one host may be two of them."""
    pages = [
        PublishedName(host=host, leads_to=(INGRESS,), shown_at=(site.endpoint(host).url,))
        for host in web_hosts(site).values()
    ]
    return (*pages, *_broker_names(site.streaming.kafka))


def dns_records(names: Iterable[PublishedName]) -> dict[str, list[str]]:
    """Return what each host must resolve to; with more than one, to what they have in common."""
    records: dict[str, set[str]] = {}
    for name in names:
        records.setdefault(name.host, set()).update(name.leads_to)
    return {host: sorted(records[host]) for host in sorted(records)}


def broker_hosts(kafka: KafkaSection) -> dict[str, list[int]]:
    """Return the hosts of the external listener, each with the brokers that it belongs to."""
    external = kafka.external
    if external is None:
        return {}
    brokers: dict[str, list[int]] = {}
    for broker in range(kafka.brokers):
        brokers.setdefault(external.listener.advertised.host(broker), []).append(broker)
    brokers.setdefault(external.bootstrap, list(range(kafka.brokers)))
    return brokers


def _broker_names(kafka: KafkaSection) -> list[PublishedName]:
    external = kafka.external
    if external is None:
        return []
    return [
        PublishedName(
            host=host,
            leads_to=(
                tuple(_balancer(external.balancer(broker)) for broker in own)
                if external.type == "LoadBalancer"
                else (NODES,)
            ),
            # From pod to pod: whether the public address leads there is another question.
            shown_at=tuple(
                f"tcp://{REPLICATION.advertised.host(broker)}:{external.listener.port}"
                for broker in own
            ),
        )
        for host, own in broker_hosts(kafka).items()
    ]


def _balancer(service: ServiceAddress) -> str:
    return f"service {service.namespace}/{service.name}"
