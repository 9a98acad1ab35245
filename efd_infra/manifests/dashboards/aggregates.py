"""The aggregator: how much it reads and writes, how late it is, and what it cannot read."""

from functools import partial

from efd_infra.manifests.dashboards.dashboard import Cell, Dashboard
from efd_infra.manifests.dashboards.query import gauge, summed_rate
from efd_infra.manifests.measurements.measurement import Writer

_workers = partial(Cell, writer=Writer.AGGREGATOR)
_THREAD = ("address", "thread")

AGGREGATES = Dashboard(
    number=10006,
    name="Aggregates",
    rows=(
        (
            _workers(
                name="Workers that run",
                kind="line-stepplot",
                queries=(gauge("kafka_streams_client_state", "state", "address", function="max"),),
                note="2 is running, 1 while topics are handed over; above 2 a worker ends.",
            ),
            _workers(
                name="Records that threads are behind",
                queries=(
                    gauge(
                        "kafka_streams_thread_records_lag_max", "behind", *_THREAD, function="max"
                    ),
                ),
                note="Of each thread, in its worst partition.",
            ),
            _workers(
                name="Records in no window",
                queries=tuple(
                    summed_rate(
                        f"kafka_streams_{what}_total",
                        name,
                        series=("task", *_THREAD),
                        times=" * 3600",
                    )
                    for what, name in (("dead_letters", "dead"), ("late_records", "late"))
                ),
                unit="/h",
                note="Dead letters cannot be read; late records came when theirs was closed.",
            ),
        ),
        (
            _workers(
                name="Records processed",
                queries=(
                    summed_rate("kafka_streams_thread_process_total", "records", series=_THREAD),
                ),
                unit="/s",
                note="Each counts once in every step that it takes.",
            ),
            _workers(
                name="Records sent",
                queries=(
                    summed_rate(
                        "kafka_streams_thread_records_send_total", "records", series=_THREAD
                    ),
                ),
                unit="/s",
                note="Aggregates, and what the aggregator sends itself.",
            ),
        ),
        (
            _workers(
                name="Busy with records",
                queries=(
                    gauge("kafka_streams_thread_process_ratio", "busy", *_THREAD, times=" * 100"),
                ),
                unit="%",
            ),
            _workers(
                name="Time of a commit",
                queries=(gauge("kafka_streams_thread_commit_latency_avg", "mean", *_THREAD),),
                unit="ms",
            ),
        ),
    ),
)
