"""The flows of measuring: from Telegraf to whatever it asks."""

from collections.abc import Iterator

from efd_infra.config import contract
from efd_infra.config.site import Site
from efd_infra.manifests import workloads
from efd_infra.manifests.flow import Flow, arrow
from efd_infra.manifests.peers import ANYWHERE, Namespaces, tcp
from efd_infra.manifests.telegraf_sink import COMPANION_PORT

_HTTPS = 443


def metrics_flows(site: Site) -> Iterator[Flow]:
    """Yield the flows from Telegraf to whatever it asks, besides InfluxDB."""
    collector = (workloads.TELEGRAF,)
    yield Flow(
        name="telegraf-to-jmx",
        sources=collector,
        targets=workloads.JAVA,
        ports=tcp(contract.JMX_PORT),
        why="metrics of each Java pod",
    )
    yield Flow(
        name="telegraf-to-stores",
        sources=collector,
        targets=(workloads.KAFKA, workloads.INFLUXDB),
        ports=tcp(contract.STORE_PORT),
        why="how much room each store has",
    )
    if external := site.streaming.kafka.external:
        port, why = external.listener.port, "how long their certificate is valid"
        yield arrow("telegraf-to-kafka", collector, workloads.KAFKA, port, why)
    yield Flow(
        name="telegraf-to-pages",
        sources=collector,
        targets=(ANYWHERE, Namespaces("the Ingress controller", (site.cluster.ingress_namespace,))),
        ports=tcp(*dict.fromkeys((site.cluster.public_port, _HTTPS))),
        why="how long their certificates are valid; a node port leads to the controller's own",
    )
    port, why = contract.CONNECT_SCHEMAS.port, "which schemas its workers wait for"
    yield arrow("telegraf-to-connect", collector, workloads.CONNECT, port, why)
    yield Flow(
        name="telegraf-to-connect-manager",
        sources=collector,
        targets=workloads.connectors(site),
        ports=tcp(contract.CONNECT_MANAGER_PORT),
        why="how each connector is",
    )
    yield Flow(
        name="telegraf-to-telegraf-sink",
        sources=collector,
        targets=workloads.sinks(site, "telegraf"),
        ports=tcp(COMPANION_PORT),
        why="which schemas its companion waits for",
    )
