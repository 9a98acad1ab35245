"""Alerts of what writes records to InfluxDB: connectors, their managers, and what arrives."""

from collections.abc import Iterator

from efd_infra.config.timeseries import DEFAULT_POLICY
from efd_infra.manifests.alerts.query import Query
from efd_infra.manifests.alerts.rule import Rule, Shape, Words
from efd_infra.manifests.alerts.watch import Watch
from efd_infra.manifests.measurements.measurement import Writer

HEARTBEATS = r"/^lsst\.sal\.[A-Za-z0-9]+\.logevent_heartbeat$/"
"""One measurement of each CSC, out of some fifteen hundred: who sends none sends nothing."""
SEQUENCE = "private_seqNum"
"""A number that ts_salkafka puts into each record."""
_CONNECTOR = 'connector {{ index .Tags "connector" }}'
_CSC_WINDOW, _EFD_WINDOW, _LATE = 1800, 300, 60
"""Seconds: a CSC that is restarted is away for minutes; a sink writes within a second
(lsst-sqre/sqr-029), and a minute is what Kafka takes to give its partitions to another."""


def sink_rules(watch: Watch) -> Iterator[Rule]:
    """Yield the rules of sinks of both engines."""
    yield from _connectors(watch)
    yield from _records(watch)
    for database in watch.site.streaming.record_databases:
        yield from _arrivals(watch, database)


def _connectors(watch: Watch) -> Iterator[Rule]:
    remedy = (
        "Read the first line of the failure in the manager's log, in the namespace "
        "kafka-connect-manager. It restarts what has failed, with growing pauses."
    )
    for signal, title, select, where in (
        ("connector-failed", "a connector has failed", "state", {"state": "failed"}),
        ("task-failed", "a connector has failed tasks", "tasks_failed", {}),
    ):
        yield watch.state(
            signal,
            Words(
                title=title,
                about=_CONNECTOR,
                meaning="Its topics are not stored any more. Kafka keeps the records meanwhile.",
                remedy=remedy,
            ),
            watch.scraped(Writer.MANAGERS, f'min("efd_connector_{select}")', **where),
            ("connector",),
        )
    yield watch.state(
        "connector-refused",
        Words(
            title="a connector's configuration is refused",
            about=_CONNECTOR,
            meaning="New topics are not read; the connector goes on with the last list.",
            remedy=(
                "The manager's log says why. One too large: exclude topics, share them between two "
                "sinks, or raise streaming.kafka.maxMessage."
            ),
        ),
        watch.scraped(Writer.MANAGERS, 'min("efd_connector_refused")'),
        ("connector",),
    )


def _records(watch: Watch) -> Iterator[Rule]:
    yield watch.lasting(
        "sink-lag",
        Words(
            title="a connector is behind",
            about=_CONNECTOR,
            meaning=(
                "What users see is old. When the lag outgrows Kafka's retention, records are lost."
            ),
            remedy=(
                "See whether InfluxDB takes writes, then whether the workers are short of memory "
                "or processor; more tasks help while topics are more than tasks."
            ),
        ),
        watch.scraped(Writer.CONNECT, 'max("kafka_connect_sink_records_lag_max")'),
        "connector",
    )
    for sink in watch.site.connect_sinks:
        yield watch.growth(
            "dead-letters",
            Words(
                title="a connector cannot read records",
                about=f'connector {sink.name}, task {{{{ index .Tags "task" }}}}',
                meaning=f"They are kept in the topic {sink.dead_letter_topic}, and nowhere else.",
                remedy=(
                    "Read their headers as decision 20 shows: topic, offset and error of each. "
                    "Whoever produces them must register his schema."
                ),
            ),
            watch.scraped(
                Writer.CONNECT,
                'non_negative_difference(max("kafka_connect_task_dead_letter_requests_total"))',
                connector=sink.name,
            ),
            "task",
            sink.name,
        )
    yield watch.state(
        "schema-awaited",
        Words(
            title="a sink waits for a schema",
            about='{{ index .Tags "url" }}',
            meaning="The partition of the record that needs it stands still until it comes.",
            remedy=(
                "At a mirror: see the link of the schemas. Elsewhere: see whether the registry "
                "answers, then who produces with a schema that nobody registered; the log of "
                "the sidecar names its id."
            ),
        ),
        watch.scraped(Writer.COMPANIONS, 'max("efd_sink_schema_longest_wait_seconds")'),
        ("url",),
    )


def _arrivals(watch: Watch, database: str) -> Iterator[Rule]:
    """Yield what holds for either engine: that points arrive."""
    query = Query(
        select=f'count("{SEQUENCE}")',
        writer=Writer.TOPICS,
        database=database,
        policy=DEFAULT_POLICY,
        measurement=HEARTBEATS,
    )
    instance = "" if database == "efd" else database
    yield Rule(
        signal=watch.signals["csc-silent"],
        words=Words(
            title="a CSC sends nothing",
            about="{{ .Name }}",
            meaning="Nothing of this CSC is stored: it is off, cut off, or left out.",
            remedy=(
                "Ask its operators whether it is off on purpose; the alert ends with its next "
                "heartbeat. If it is on, look for its topic in Kafdrop."
            ),
        ),
        shape=Shape.MISSING,
        query=query,
        period=6 * _CSC_WINDOW,
        every=_EFD_WINDOW,
        times={"window": _CSC_WINDOW, "late": _LATE},
        instance=instance,
    )
    yield Rule(
        signal=watch.signals["efd-silent"],
        words=Words(
            title="nothing of any CSC arrives",
            about=f"database {database}",
            meaning=(
                "Users see nothing new. Either no CSC sends, or the sink is down or behind, or "
                "InfluxDB takes no writes. Alerts about single CSCs are kept back meanwhile."
            ),
            remedy=(
                "See in Kafdrop whether heartbeats arrive in Kafka. If so, see the sinks: pods, "
                "lag, log; then InfluxDB's log."
            ),
        ),
        shape=Shape.SILENT,
        query=query,
        period=6 * _EFD_WINDOW,
        every=_LATE,
        times={"window": _EFD_WINDOW, "late": _LATE},
        texts={"instead": f"csc-silent-{instance}" if instance else "csc-silent"},
        instance=instance,
    )
