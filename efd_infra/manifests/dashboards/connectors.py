"""Kafka Connect with its connectors, and the link to another site."""

from functools import partial

from efd_infra.manifests.dashboards.dashboard import Cell, Dashboard
from efd_infra.manifests.dashboards.query import gauge, summed_rate
from efd_infra.manifests.measurements.measurement import Writer

_TASK = ("connector", "task")
_workers = partial(Cell, writer=Writer.CONNECT)
_managers = partial(Cell, writer=Writer.MANAGERS)
_link = partial(Cell, writer=Writer.MIRROR)

LAG = _workers(
    name="Records that sinks are behind",
    queries=(gauge("kafka_connect_sink_records_lag_max", "behind", *_TASK, function="max"),),
    note="Of each task, in its worst partition.",
)

CONNECTORS = Dashboard(
    number=10002,
    name="Connect and mirror",
    rows=(
        (
            _managers(
                name="Failed tasks",
                kind="line-stepplot",
                queries=(
                    gauge("efd_connector_tasks_failed", "failed", "connector", function="max"),
                ),
            ),
            _managers(
                name="State of connectors",
                kind="line-stepplot",
                queries=(gauge("efd_connector_state", "is", "connector", "state", function="max"),),
                note="1 for the state that each is in.",
            ),
            _managers(
                name="Restarts",
                queries=(
                    summed_rate(
                        "efd_connector_restarts_total",
                        "restarts",
                        "connector",
                        series=("address",),
                        times=" * 3600",
                    ),
                ),
                unit="/h",
            ),
        ),
        (
            LAG,
            _workers(
                name="Records to InfluxDB",
                queries=(
                    summed_rate(
                        "kafka_connect_sink_records_send_total",
                        "records",
                        *_TASK,
                        series=("address",),
                    ),
                ),
                unit="/s",
            ),
            _workers(
                name="Time of a batch",
                queries=(gauge("kafka_connect_sink_put_batch_avg_time_ms", "mean", *_TASK),),
                unit="ms",
            ),
        ),
        (
            _workers(
                name="Errors",
                queries=(
                    summed_rate(
                        "kafka_connect_task_record_errors_total",
                        "errors",
                        *_TASK,
                        series=("address",),
                    ),
                    summed_rate(
                        "kafka_connect_task_dead_letter_requests_total",
                        "dead letters",
                        *_TASK,
                        series=("address",),
                    ),
                ),
                unit="/s",
            ),
            Cell(
                name="Schemas that sinks wait for",
                writer=Writer.COMPANIONS,
                queries=(
                    gauge("efd_sink_schemas_awaited", "awaited", "url", function="max"),
                    gauge("efd_sink_schemas_overdue", "overdue", "url", function="max"),
                ),
            ),
            _managers(
                name="Size of configurations",
                queries=(
                    gauge("efd_connector_config_bytes", "size", "connector", function="max"),
                    gauge("efd_connector_config_limit_bytes", "limit", "connector", function="max"),
                ),
                unit="B",
                note="It grows with the topics; beyond the limit no topic is added.",
            ),
        ),
        (
            _link(
                name="Latency of the link",
                queries=(
                    gauge(
                        "kafka_mirror_replication_latency_ms", "latency", "topic", function="max"
                    ),
                ),
                unit="ms",
                note="From there to here, of the heartbeats of each component.",
            ),
            _link(
                name="Age of heartbeats",
                queries=(gauge("kafka_mirror_record_age_ms", "age", "topic", function="max"),),
                unit="ms",
            ),
        ),
        (
            _link(
                name="Records that the link is behind",
                queries=(
                    gauge(
                        "kafka_mirror_records_lag_max", "behind", "source", "task", function="max"
                    ),
                ),
            ),
            _link(
                name="Over the link",
                queries=(gauge("kafka_mirror_bytes_consumed_rate", "bytes", "source", "task"),),
                unit="B/s",
            ),
        ),
    ),
)
