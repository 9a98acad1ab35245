"""The flows of backup and restore."""

from collections.abc import Iterator

from efd_infra.config import contract
from efd_infra.config.listener import SERVICES
from efd_infra.config.site import Site
from efd_infra.manifests import workloads
from efd_infra.manifests.flow import Flow, arrow
from efd_infra.manifests.peers import ANYWHERE, dialled

_FILE = "its file, by a key"


def backup_flows(site: Site) -> Iterator[Flow]:
    """Yield who dials whom for a copy, and for what is done with it."""
    shards = (workloads.BACKUP, workloads.REHEARSAL, workloads.RESTORE)
    for name, sources, target, address, why in (
        ("door", shards, workloads.INFLUXDB, contract.INFLUXDB_DOOR, "shards, by a key"),
        ("influxdb", workloads.BACKUPS, workloads.INFLUXDB, contract.INFLUXDB, "counts points"),
    ):
        yield arrow(f"backup-to-{name}", sources, target, address.port, why)
    taking, giving = (workloads.BACKUP,), (workloads.RESTORE,)
    both = (*taking, *giving)
    for name, dialling, target, port, why in (
        ("chronograf", both, workloads.CHRONOGRAF, contract.CHRONOGRAF_DOOR.port, _FILE),
        ("kapacitor", taking, workloads.KAPACITOR, contract.KAPACITOR.port, "its database"),
        ("kapacitor-door", giving, workloads.KAPACITOR, contract.KAPACITOR_DOOR.port, _FILE),
        ("connect", both, workloads.CONNECT, contract.KAFKA_CONNECT.port, "connectors' settings"),
        ("kafka", both, workloads.KAFKA, SERVICES.port, "topics' settings, and schemas"),
    ):
        yield arrow(f"backup-to-{name}", dialling, target, port, why)
    if site.backup and site.backup.bucket:
        yield Flow(
            name="backup-to-bucket",
            sources=workloads.BACKUPS,
            targets=(ANYWHERE,),
            ports=dialled([site.backup.bucket.endpoint]),
            why="stores copies, and reads them; encrypted",
        )
