"""Nodes, stores, certificates, and the collector of all this itself."""

from functools import partial

from efd_infra.manifests.dashboards.dashboard import Cell, Dashboard
from efd_infra.manifests.dashboards.query import gauge, rate
from efd_infra.manifests.dashboards.stores import ROOM
from efd_infra.manifests.measurements.measurement import Writer

_nodes = partial(Cell, writer=Writer.NODES)
_collector = partial(Cell, writer=Writer.COLLECTOR)

SYSTEM = Dashboard(
    number=10004,
    name="System",
    rows=(
        (
            _nodes(
                name="CPU",
                queries=(
                    gauge("usage_user", "user", "node", measurement="cpu"),
                    gauge("usage_system", "system", "node", measurement="cpu"),
                    gauge("usage_iowait", "waiting for disks", "node", measurement="cpu"),
                ),
                unit="%",
            ),
            _nodes(
                name="Load",
                queries=(
                    gauge("load5", "load", "node", measurement="system"),
                    gauge("n_cpus", "CPUs", "node", measurement="system"),
                ),
                note="Above the number of CPUs something waits.",
            ),
            _nodes(
                name="Memory in use",
                queries=(gauge("used_percent", "used", "node", measurement="mem"),),
                unit="%",
            ),
        ),
        (
            _nodes(
                name="Disks read",
                queries=(rate("read_bytes", "read", "node", "name", measurement="diskio"),),
                unit="B/s",
            ),
            _nodes(
                name="Disks written",
                queries=(rate("write_bytes", "written", "node", "name", measurement="diskio"),),
                unit="B/s",
            ),
            _nodes(
                name="Disks busy",
                queries=(
                    rate("io_time", "busy", "node", "name", measurement="diskio", times=" / 10"),
                ),
                unit="%",
            ),
        ),
        (
            ROOM,
            _nodes(
                name="Containers' file system",
                queries=(gauge("used_percent", "used", "node", measurement="disk"),),
                unit="%",
            ),
            Cell(
                name="Certificates are valid for",
                writer=Writer.CERTIFICATES,
                queries=(
                    gauge(
                        "expiry",
                        "days",
                        "host",
                        measurement="x509_cert",
                        where="\"type\" = 'leaf'",
                        function="min",
                        times=" / 86400",
                    ),
                ),
                unit="days",
            ),
        ),
        (
            _collector(
                name="Figures that wait for InfluxDB",
                queries=(
                    gauge(
                        "buffer_size",
                        "waiting",
                        measurement="internal_write",
                        where="\"output\" = 'influxdb'",
                        function="max",
                    ),
                ),
            ),
            _collector(
                name="What Telegraf could not collect",
                queries=(
                    rate("errors", "errors", "input", measurement="internal_gather"),
                    rate("gather_timeouts", "too slow", "input", measurement="internal_gather"),
                ),
                unit="/s",
            ),
        ),
    ),
)
