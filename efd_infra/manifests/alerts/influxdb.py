"""Alerts of InfluxDB, by what it says of itself (``/debug/vars``)."""

from collections.abc import Iterator

from efd_infra.manifests.alerts.rule import EVERYTHING, Rule, Words
from efd_infra.manifests.alerts.watch import Watch
from efd_infra.manifests.measurements.measurement import Writer

_SERVER = "the server"
_QUEUES = ("Level1", "Level2", "Level3", "Full")


def influxdb_rules(watch: Watch) -> Iterator[Rule]:
    """Yield the rules of the server."""
    yield from _stored(watch)
    yield from _served(watch)
    yield from _written(watch)


def _stored(watch: Watch) -> Iterator[Rule]:
    yield watch.state(
        "influxdb-series",
        Words(
            title="InfluxDB has many series",
            about='database {{ index .Tags "database" }}',
            meaning="Each takes memory and time at a start; it began to lose points elsewhere.",
            remedy=(
                'Ask which measurement has them: SHOW SERIES CARDINALITY FROM "…". A tag whose '
                "values never repeat is the usual cause."
            ),
        ),
        watch.measured(Writer.INFLUXDB, "influxdb_database", 'max("numSeries")'),
        ("database",),
    )
    queued = " + ".join(f'max("tsm{level}CompactionQueue")' for level in _QUEUES)
    yield watch.lasting(
        "influxdb-compaction",
        Words(
            title="InfluxDB's compactions queue",
            about='database {{ index .Tags "database" }}',
            meaning="Queries become slow and take memory, because shards have many small files.",
            remedy="See disk and processor. Writing old points is the usual cause; it passes.",
        ),
        watch.measured(Writer.INFLUXDB, "influxdb_tsm1_engine", queued),
        "database",
    )
    yield watch.growth(
        "influxdb-compaction-failed",
        Words(
            title="InfluxDB's compactions fail",
            about='shard {{ index .Tags "id" }}',
            meaning="The shard keeps its small files; often the disk is full, or a file damaged.",
            remedy="Read InfluxDB's log of the shard. Free the disk; restore a damaged shard.",
        ),
        watch.measured(
            Writer.INFLUXDB,
            "influxdb_tsm1_engine",
            'non_negative_difference(max("tsmFullCompactionErr"))',
        ),
        "id",
    )


def _served(watch: Watch) -> Iterator[Rule]:
    section = watch.site.timeseries.influxdb
    limit = section.resources.memory_limit.bytes
    yield watch.lasting(
        "influxdb-memory",
        Words(
            title="InfluxDB's memory runs short",
            about=_SERVER,
            meaning="The kernel ends it at its limit, and the next start loads the index again.",
            remedy="Find the query: SHOW QUERIES, KILL QUERY. Then see series, or raise the limit.",
        ),
        watch.measured(Writer.INFLUXDB, "influxdb_memstats", f'max("heap_inuse") / {limit} * 100'),
        EVERYTHING,
        grains=3,
    )
    yield watch.lasting(
        "influxdb-queries",
        Words(
            title="InfluxDB's queries reach their limit",
            about=_SERVER,
            meaning="Further queries are refused: dashboards and notebooks show errors.",
            remedy="SHOW QUERIES shows the slow ones; ask who runs them, or KILL QUERY.",
        ),
        watch.measured(
            Writer.INFLUXDB,
            "influxdb_queryExecutor",
            f'max("queriesActive") / {section.queries.concurrent} * 100',
        ),
        EVERYTHING,
        grains=3,
    )


def _written(watch: Watch) -> Iterator[Rule]:
    for signal, field, title, meaning in (
        (
            "points-refused",
            "pointsWrittenDropped",
            "InfluxDB refuses points",
            "They are lost: a field of another type than before, or older than the retention.",
        ),
        (
            "writes-failed",
            "pointsWrittenFail",
            "writes to InfluxDB fail",
            "Sinks try again, with what Kafka keeps; Telegraf drops metrics in the end.",
        ),
    ):
        yield watch.growth(
            signal,
            Words(
                title=title,
                about=_SERVER,
                meaning=meaning,
                remedy="InfluxDB's log and the sink's say which measurement, and why.",
            ),
            watch.measured(
                Writer.INFLUXDB, "influxdb_httpd", f'non_negative_difference(max("{field}"))'
            ),
            EVERYTHING,
        )
