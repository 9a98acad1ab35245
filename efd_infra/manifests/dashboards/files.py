"""The dashboards of a site, as files of Chronograf's resources directory."""

from efd_infra.config.site import Site
from efd_infra.config.timeseries import DEFAULT_POLICY
from efd_infra.manifests.chronograf import ORGANIZATION
from efd_infra.manifests.dashboards.aggregates import AGGREGATES
from efd_infra.manifests.dashboards.brokers import BROKERS
from efd_infra.manifests.dashboards.connectors import CONNECTORS
from efd_infra.manifests.dashboards.influxdb import INFLUXDB
from efd_infra.manifests.dashboards.query import Databases
from efd_infra.manifests.dashboards.system import SYSTEM
from efd_infra.manifests.dashboards.topics import TOPICS
from efd_infra.manifests.measurements.catalogue import writers

DASHBOARDS = {
    "aggregates": AGGREGATES,
    "kafka": BROKERS,
    "connect": CONNECTORS,
    "influxdb": INFLUXDB,
    "system": SYSTEM,
    "efd": TOPICS,
}
"""By the names of their files."""


def dashboard_files(site: Site) -> dict[str, str]:
    """Return the files by name: what the site does not measure is not shown."""
    here = writers(site)
    records = site.streaming.record_databases
    databases = Databases(
        metrics=site.monitoring.database if site.monitoring else "",
        topics=records[0] if records else "",
        policy=DEFAULT_POLICY,
    )
    boards = {name: board.among(here) for name, board in DASHBOARDS.items()}
    return {
        f"{name}.dashboard": board.file(databases, ORGANIZATION)
        for name, board in boards.items()
        if board
    }
