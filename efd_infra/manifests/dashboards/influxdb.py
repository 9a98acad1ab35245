"""InfluxDB, as it sees itself, and the jobs that work in it."""

from functools import partial

from efd_infra.manifests.dashboards.dashboard import Cell, Dashboard
from efd_infra.manifests.dashboards.query import Query, gauge, rate, summed
from efd_infra.manifests.dashboards.stores import FORECAST, ROOM
from efd_infra.manifests.measurements.measurement import Writer

_cell = partial(Cell, writer=Writer.INFLUXDB)
_HTTP, _WRITE = "influxdb_httpd", "influxdb_write"
_SHARDS = ("retentionPolicy", "id")


def _mean_time(requests: str, name: str) -> Query:
    """Return a query for the milliseconds of a request, from two counters."""
    took, came = (
        f'non_negative_derivative(max("{field}"), 1s)'
        for field in (f"{requests}DurationNs", requests)
    )
    return Query(select=f'{took} / {came} / 1000000 AS "{name}"', measurement=_HTTP)


POINTS = _cell(
    name="Points written",
    queries=(rate("pointsWrittenOK", "points", measurement=_HTTP),),
    unit="/s",
)

INFLUXDB = Dashboard(
    number=10003,
    name="InfluxDB",
    rows=(
        (
            POINTS,
            _cell(
                name="Points refused",
                queries=(
                    rate("pointsWrittenDropped", "dropped", measurement=_HTTP),
                    rate("pointsWrittenFail", "failed", measurement=_HTTP),
                    rate("writeTimeout", "too late", measurement=_WRITE),
                    rate("writeDrop", "older than kept", measurement=_WRITE),
                ),
                unit="/s",
            ),
            _cell(
                name="Errors told to clients",
                queries=(
                    rate("clientError", "the client's", measurement=_HTTP),
                    rate("serverError", "the server's", measurement=_HTTP),
                    rate("authFail", "login", measurement=_HTTP),
                ),
                unit="/s",
            ),
        ),
        (
            _cell(
                name="Queries at a time",
                queries=(
                    gauge(
                        "queriesActive",
                        "active",
                        measurement="influxdb_queryExecutor",
                        function="max",
                    ),
                ),
                note="Beyond the site's limit the next one is refused.",
            ),
            _cell(
                name="Queries",
                queries=(rate("queryReq", "queries", measurement=_HTTP),),
                unit="/s",
            ),
            _cell(
                name="Time of requests",
                queries=(_mean_time("queryReq", "query"), _mean_time("writeReq", "write")),
                unit="ms",
            ),
        ),
        (
            _cell(
                name="Series",
                queries=(
                    gauge("numSeries", "series", "database", measurement="influxdb_database"),
                ),
            ),
            _cell(
                name="Data on disk",
                queries=(
                    summed(
                        "diskBytes",
                        "bytes",
                        "database",
                        series=_SHARDS,
                        measurement="influxdb_tsm1_filestore",
                    ),
                ),
                unit="B",
            ),
            _cell(
                name="Shards",
                queries=(gauge("n_shards", "shards", measurement="influxdb"),),
            ),
        ),
        (
            _cell(
                name="Waiting for compaction",
                queries=tuple(
                    summed(
                        f"tsm{stage}CompactionQueue",
                        stage,
                        series=("database", *_SHARDS),
                        measurement="influxdb_tsm1_engine",
                    )
                    for stage in ("Level1", "Level2", "Level3", "Full")
                ),
                note="It grows without end where the disk is too slow.",
            ),
            _cell(
                name="Points not yet in files",
                queries=(
                    summed(
                        "memBytes",
                        "cache",
                        "database",
                        series=_SHARDS,
                        measurement="influxdb_tsm1_cache",
                    ),
                ),
                unit="B",
            ),
            _cell(
                name="Memory",
                queries=(
                    gauge("heap_inuse", "heap", measurement="influxdb_memstats"),
                    gauge("sys", "all", measurement="influxdb_memstats"),
                ),
                unit="B",
            ),
        ),
        (
            Cell(
                name="Downsampling is behind",
                writer=Writer.DOWNSAMPLING,
                queries=(
                    gauge(
                        "lag",
                        "behind",
                        "database",
                        "policy",
                        measurement="downsampling",
                        function="max",
                    ),
                ),
                unit="s",
            ),
            Cell(
                name="Age of the newest backup",
                writer=Writer.BACKUP,
                queries=(gauge("age", "age", "what", measurement="backup", function="max"),),
                unit="s",
            ),
        ),
        (ROOM, FORECAST),
    ),
)
