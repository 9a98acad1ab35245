"""Every flow of a site: who dials whom, on which ports, and why. There is no other.

Network policies and ``docs/flows.md`` are made from this list. Ports are those that pods listen on:
a policy sees a packet after the Service has sent it to its pod.
"""

from collections.abc import Iterator

from efd_infra.config import contract
from efd_infra.config.kafka import MOST_BROKERS
from efd_infra.config.listener import REPLICATION, SERVICES
from efd_infra.config.site import Site
from efd_infra.manifests import chronograf, workloads
from efd_infra.manifests.aggregation_flows import aggregation_flows
from efd_infra.manifests.alerts.flows import alert_flows
from efd_infra.manifests.archive_flows import archive_flows
from efd_infra.manifests.backup_flows import backup_flows
from efd_infra.manifests.flow import Flow, arrow
from efd_infra.manifests.kafka import CONTROLLER_PORT
from efd_infra.manifests.metrics_flows import metrics_flows
from efd_infra.manifests.peers import ANYWHERE, Namespaces, Networks, Ports, dialled, tcp
from efd_infra.manifests.workloads import site_workloads

_DNS = Namespaces("the cluster's DNS", ("kube-system",))
_DNS_PORT = 53
_HTTPS = 443
_LINKS = (workloads.MIRROR_MAKER_SCHEMAS, workloads.MIRROR_MAKER)


def site_flows(site: Site) -> tuple[Flow, ...]:
    """Return the flows between the workloads that the site has, and with the world around them."""
    present = site_workloads(site)
    own = tuple(dict.fromkeys(workload.namespace for workload in present))
    flows = (
        *_everybody(site, own),
        *_kafka(site),
        *_registry(site),
        *_connect(site),
        *aggregation_flows(site),
        *_kafdrop(),
        *_timeseries(site),
        *_admitted(site, own),
        *metrics_flows(site),
        *_mirror(site),
        *alert_flows(site),
        *backup_flows(site),
        *archive_flows(site),
    )
    return tuple(here for flow in flows if (here := flow.among(frozenset(present))))


def _everybody(site: Site, own: tuple[str, ...]) -> Iterator[Flow]:
    ranges = site.cluster.dns_ranges
    yield Flow(
        name="dns",
        sources=(Namespaces("every pod", own),),
        targets=(Networks(_DNS.title, ranges) if ranges else _DNS,),
        ports=(Ports(_DNS_PORT, _DNS_PORT, "UDP"), *tcp(_DNS_PORT)),
        why="names of Services and of the world",
    )
    images, connect = site.images, site.streaming.connect
    yield Flow(
        name="fetch-jmx-exporter",
        sources=workloads.JAVA,
        targets=(ANYWHERE,),
        ports=dialled([images.address(images.jmx_exporter)]),
        why="each Java pod fetches the agent when it starts; release pages redirect",
    )
    if connect and connect.plugins:
        yield Flow(
            name="fetch-plugins",
            sources=(workloads.CONNECT,),
            targets=(ANYWHERE,),
            ports=dialled(images.address(plugin) for plugin in connect.plugins),
            why="each worker fetches its plugins when it starts; release pages redirect",
        )


def _kafka(site: Site) -> Iterator[Flow]:
    yield Flow(
        name="kafka-to-kafka",
        sources=(workloads.KAFKA,),
        targets=(workloads.KAFKA,),
        ports=tcp(REPLICATION.port, CONTROLLER_PORT),
        why="replication, and the controllers' quorum",
    )
    for name, job, why in (
        ("kafka-users", workloads.KAFKA_USERS, "sets users and their rules"),
        ("kafka-checks", workloads.KAFKA_CHECKS, "asks before a change of the brokers"),
        ("kafka-features", workloads.KAFKA_FEATURES, "raises the metadata's release"),
    ):
        yield arrow(
            f"{name}-to-kafka",
            (job,),
            workloads.KAFKA,
            REPLICATION.port,
            f"{why}, as the brokers' own user",
        )
    for name, sources, why in (
        ("schema-registry", (workloads.SCHEMA_REGISTRY,), "keeps schemas in a topic"),
        ("connect", (workloads.CONNECT,), "reads records, keeps its state in topics"),
        ("connect-manager", workloads.sinks(site, "connect"), "finds new topics"),
        ("telegraf-sink", workloads.sinks(site, "telegraf"), "reads records, finds new topics"),
        ("kafdrop", (workloads.KAFDROP,), "shows topics and records"),
        ("mirror-maker", _LINKS, "writes mirrored records"),
    ):
        yield arrow(f"{name}-to-kafka", sources, workloads.KAFKA, SERVICES.port, why)
    if external := site.streaming.kafka.external:
        yield Flow(
            name="outside-to-kafka",
            sources=(ANYWHERE,),
            targets=(workloads.KAFKA,),
            ports=tcp(external.listener.port),
            why="clients outside the cluster, by a Service of each broker; encrypted, with a login",
        )


def _registry(site: Site) -> Iterator[Flow]:
    readers = workloads.readers(site, "telegraf", aggregated=False)
    for name, sources, why in (
        ("schema-registry", (workloads.SCHEMA_REGISTRY,), "writes go to the one that leads"),
        ("schema-registry-setup", (workloads.SCHEMA_REGISTRY_SETUP,), "sets its level and mode"),
        ("connect", (workloads.CONNECT,), "schemas of the records it reads"),
        ("telegraf-sink", readers, "schemas of the records it reads"),
        ("kafdrop", (workloads.KAFDROP,), "schemas of the records it shows"),
    ):
        port = contract.SCHEMA_REGISTRY.port
        yield arrow(f"{name}-to-schema-registry", sources, workloads.SCHEMA_REGISTRY, port, why)


def _connect(site: Site) -> Iterator[Flow]:
    for name, sources, why in (
        ("connect", (workloads.CONNECT,), "requests go to the worker that leads"),
        ("connect-manager", workloads.connectors(site), "keeps connectors in place"),
    ):
        port = contract.KAFKA_CONNECT.port
        yield arrow(f"{name}-to-connect", sources, workloads.CONNECT, port, why)


def _kafdrop() -> Iterator[Flow]:
    proxy, page = workloads.KAFDROP_LOGIN, workloads.KAFDROP
    yield arrow("login-to-kafdrop", (proxy,), page, contract.KAFDROP.port, "whoever is logged in")
    yield Flow(
        name="login-to-github",
        sources=(proxy, workloads.CHRONOGRAF),
        targets=(ANYWHERE,),
        ports=tcp(_HTTPS),
        why="asks GitHub who a visitor is",
    )


def _timeseries(site: Site) -> Iterator[Flow]:
    for name, sources, why in (
        ("influxdb-setup", (workloads.INFLUXDB_SETUP,), "sets databases and users"),
        ("connect", (workloads.CONNECT,), "writes points"),
        ("telegraf-sink", workloads.sinks(site, "telegraf"), "writes points"),
        ("telegraf", (workloads.TELEGRAF,), "writes metrics, and reads InfluxDB's own"),
        ("chronograf", (workloads.CHRONOGRAF,), "queries of dashboards"),
        ("kapacitor", (workloads.KAPACITOR,), "queries of alert rules"),
        ("downsampling", (workloads.DOWNSAMPLING,), "has windows computed"),
        ("telegraf-nodes", (workloads.TELEGRAF_NODES,), "writes metrics of nodes"),
    ):
        port = contract.INFLUXDB.port
        yield arrow(f"{name}-to-influxdb", sources, workloads.INFLUXDB, port, why)
    yield arrow(
        "chronograf-to-kapacitor",
        (workloads.CHRONOGRAF,),
        workloads.KAPACITOR,
        contract.KAPACITOR.port,
        "alert rules made in the page",
    )


def _admitted(site: Site, own: tuple[str, ...]) -> Iterator[Flow]:
    """Yield what other deployments of the cluster may dial: named clients, or all of them."""

    def clients(named: tuple[str, ...]) -> Namespaces:
        return Namespaces("clients in the cluster", named or own, excluded=not named)

    kafka = site.streaming.kafka.internal
    yield arrow(
        "clients-to-kafka",
        (clients(kafka.namespaces or site.cluster.clients),),
        workloads.KAFKA,
        kafka.listener.port,
        "producers, notebooks",
    )
    door = Namespaces("the Ingress controller", (site.cluster.ingress_namespace,))
    registry_host = site.streaming.schema_registry.host
    for target, port, public in (
        (workloads.SCHEMA_REGISTRY, contract.SCHEMA_REGISTRY.port, registry_host),
        (workloads.INFLUXDB, contract.INFLUXDB.port, site.timeseries.influxdb.host),
    ):
        name = target.identity.name
        readers = (clients(site.cluster.clients),)
        yield arrow(f"clients-to-{name}", readers, target, port, "producers, notebooks")
        if public:
            yield arrow(f"ingress-to-{name}", (door,), target, port, "its public host")
    for target, port in (
        (workloads.CHRONOGRAF, chronograf.PORT),
        (workloads.KAFDROP_LOGIN, contract.KAFDROP_LOGIN.port),
    ):
        name = target.identity.instance
        yield arrow(f"ingress-to-{name}", (door,), target, port, "its public host")


def _mirror(site: Site) -> Iterator[Flow]:
    port, why = contract.MIRROR_MAKER.port, "requests go to the worker that leads"
    for name, worker in zip(("schemas-link", "mirror-maker"), _LINKS, strict=True):
        yield arrow(f"{name}-to-{name}", (worker,), worker, port, why)
    if site.replication:
        first = site.replication.bootstrap.port
        yield Flow(
            name="mirror-maker-to-source",
            sources=_LINKS,
            targets=(ANYWHERE,),
            # How many brokers answer on the ports that follow is not known here, nor where.
            ports=(Ports(first, min(first + MOST_BROKERS - 1, 65535)),),
            why="reads the site that is mirrored; encrypted, with a login",
        )
