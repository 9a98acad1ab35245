"""The page of one site: everything that its operators and users ask for first."""

from collections.abc import Iterator

from efd_infra.config.contract import KAFKA_BROKERS
from efd_infra.config.signals import SIGNALS
from efd_infra.manifests.alerts.rules import alert_rules
from pages import points, records
from pages.alerts_page import levels, rules_by_signal
from pages.markdown import GENERATED_NOTE, code, codes, section, table
from pages.published_site import PublishedSite

_HEAD = """# {name}

{about}

Its file is [Pulumi.{name}.yaml](../../Pulumi.{name}.yaml).
All sites are in [sites.md](../sites.md).
"""
_ARCHITECTURE = """## Architecture

![Workloads of {name} by namespace, and who dials whom]({name}.svg)

Workloads by namespace, and the flows between them; [flows.md](../flows.md) has the list.
"""


def site_page(published: PublishedSite) -> str:
    """Return the page, without what the site does not have."""
    name = published.name
    parts = (
        _HEAD.format(name=name, about=published.about),
        _addresses(published),
        _ARCHITECTURE.format(name=name),
        section("Kafka", records.brokers(published)),
        section("Users of Kafka", records.users(published)),
        section("Connectors and sinks", records.sinks(published)),
        section("Aggregation", records.aggregation(published)),
        section("Mirror", records.mirror(published)),
        section("Databases", points.databases(published)),
        section("Users of InfluxDB", points.users(published)),
        section("Backup", points.backup(published)),
        section("Archive", points.archive(published)),
        _alerts(published),
        section("Claims", _claims(published)),
        section("Images", _images(published)),
        section("Namespaces", _namespaces(published)),
        section("Names to publish", _names(published)),
        section("What the program warns of", "".join(map(_item, published.run.warnings))),
    )
    return GENERATED_NOTE + "\n".join(part for part in parts if part)


def _item(text: str) -> str:
    return f"- {text}\n"


def _addresses(published: PublishedSite) -> str:
    site, outputs = published.site, published.run.outputs
    rows = [
        (title, f"<{outputs[key]}>")
        for title, key in (
            ("Chronograf", "chronografUrl"),
            ("InfluxDB API", "influxdbUrl"),
            ("Schema Registry", "schemaRegistryUrl"),
            ("Kafdrop", "kafdropUrl"),
        )
        if key in outputs
    ]
    if "kafkaExternalBootstrap" in outputs:
        rows.append(("Kafka, from outside", code(outputs["kafkaExternalBootstrap"])))
        rows.append(("Each broker, from outside", codes(outputs["kafkaExternalBrokers"])))
    rows.append(("Kafka, in the same cluster", code(KAFKA_BROKERS.address)))
    if site.alias:
        rows.append(("EFD client", code(f'EfdClient("{site.alias}")')))
    rows.append(("Context of the kubeconfig", code(site.cluster.context)))
    return section("Addresses", table(("What", "Where"), rows))


def _alerts(published: PublishedSite) -> str:
    rules = rules_by_signal(alert_rules(published.site))
    kapacitor = published.site.timeseries.kapacitor
    if kapacitor is None:
        return section("Alerts", "None: the site has no Kapacitor.")
    rows = (
        (
            f"[{name}](../alerts.md#{name})",
            levels(rules[name]),
            f"[runbook](../runbooks/alerts.md#{name})",
        )
        for signal in SIGNALS
        if (name := signal.name) in rules
    )
    told = [name for name, handler in kapacitor.handlers if handler]
    who = f"Who is told: {', '.join(told)}." if told else "Nobody is told: there is no handler."
    return section("Alerts", who, table(("Alert", "Raised", "What to do"), rows))


def _claims(published: PublishedSite) -> str:
    site = published.site
    rows = [
        (
            claim.namespace,
            code(claim.object_name),
            claim.spec["resources"]["requests"]["storage"],
            code(claim.spec["storageClassName"]),
            "protected, and kept" if claim.protect else "goes with the site",
        )
        for claim in published.run.of_kind("PersistentVolumeClaim")
    ]
    nominal = (
        ""
        if site.cluster.enforces_storage_size
        else "The storage class binds host directories and enforces no size: these are what the "
        "disks must have."
    )
    return table(("Namespace", "Claim", "Size", "Class", "At the end"), rows) + f"\n{nominal}"


def _images(published: PublishedSite) -> str:
    used: dict[str, set[str]] = {}
    for workload in published.run.workloads:
        for container in workload.containers:
            used.setdefault(container["image"], set()).add(container["name"])
    rows = [(code(image), ", ".join(sorted(used[image]))) for image in sorted(used)]
    artifacts = [f"Fetched at start: {', '.join(_artifacts(published))}."]
    return "\n".join([table(("Image", "Containers"), rows), *artifacts])


def _artifacts(published: PublishedSite) -> Iterator[str]:
    site = published.site
    plugins = site.streaming.connect.plugins if site.streaming.connect else ()
    for artifact in (site.images.jmx_exporter, *plugins):
        yield code(artifact.file_name)


def _namespaces(published: PublishedSite) -> str:
    workloads: dict[str, list[str]] = {}
    for workload in published.run.workloads:
        count = workload.spec.get("replicas", 1)
        pods = f", {count} pods" if count > 1 else ""
        told = f"{code(workload.object_name)} ({workload.kind}{pods})"
        # A Job's name ends with a digest of what it does.
        told = "" if workload.kind == "Job" else told
        workloads.setdefault(workload.namespace, []).append(told)
    rows = ((code(name), ", ".join(filter(None, workloads[name]))) for name in sorted(workloads))
    return table(("Namespace", "What runs there"), rows)


def _names(published: PublishedSite) -> str:
    records_ = published.run.outputs["dnsRecords"]
    rows = ((code(host), ", ".join(records_[host])) for host in sorted(records_))
    return (
        "The site's certificate must have each of them.\n\n"
        + table(("Name", "Leads to"), rows)
        + "\n`nodes` are the addresses of nodes, `ingress` those of the Ingress controller.\n"
    )
