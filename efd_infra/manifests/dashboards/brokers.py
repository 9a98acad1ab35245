"""Kafka: its brokers, as they see themselves, and their stores."""

from functools import partial

from efd_infra.manifests.dashboards.dashboard import Cell, Dashboard, Kind
from efd_infra.manifests.dashboards.query import Query, gauge, rate, summed, summed_rate
from efd_infra.manifests.dashboards.stores import FORECAST, ROOM
from efd_infra.manifests.measurements.measurement import Writer

_cell = partial(Cell, writer=Writer.BROKERS)
_REPLICAS = "kafka_server_replicamanager_"
_TRAFFIC = "kafka_server_brokertopicmetrics_"
_CONTROLLER = "kafka_controller_kafkacontroller_"


def _now(name: str, field: str, note: str = "") -> Cell:
    """Return a cell with one number: the worst that any broker says."""
    kind: Kind = "single-stat"
    return _cell(name=name, queries=(gauge(field, name, function="max"),), kind=kind, note=note)


def _per_broker(name: str, query: Query, unit: str = "", note: str = "") -> Cell:
    return _cell(name=name, queries=(query,), unit=unit, note=note)


BROKERS = Dashboard(
    number=10001,
    name="Kafka",
    rows=(
        (
            _now("Brokers", f"{_CONTROLLER}activebrokercount"),
            _now("Partitions offline", f"{_CONTROLLER}offlinepartitionscount", "Nobody can write."),
            _now("Below minimum in sync", f"{_REPLICAS}underminisrpartitioncount"),
            _now("Under-replicated", f"{_REPLICAS}underreplicatedpartitions"),
        ),
        (
            _per_broker("In", rate(f"{_TRAFFIC}bytesin_total", "in", "broker"), "B/s"),
            _per_broker("Out", rate(f"{_TRAFFIC}bytesout_total", "out", "broker"), "B/s"),
            _per_broker(
                "Records in", rate(f"{_TRAFFIC}messagesin_total", "records", "broker"), "/s"
            ),
        ),
        (
            _per_broker(
                "Partitions that are not everywhere",
                gauge(f"{_REPLICAS}underreplicatedpartitions", "under-replicated", "broker"),
            ),
            _per_broker(
                "Replicas that fell behind",
                rate(f"{_REPLICAS}isrshrinks_total", "shrinks", "broker"),
                "/s",
            ),
            _per_broker(
                "Furthest behind",
                gauge("kafka_server_replicafetchermanager_maxlag", "records", "broker"),
                note="Records that a follower lacks, in its worst partition.",
            ),
        ),
        (
            _per_broker(
                "Time of requests, 99th percentile",
                gauge(
                    "kafka_network_request_time_ms",
                    "time",
                    "broker",
                    "request",
                    where="\"quantile\" = '0.99'",
                ),
                "ms",
            ),
            _per_broker(
                "Requests",
                summed_rate(
                    "kafka_network_requests_total",
                    "requests",
                    "broker",
                    "request",
                    series=("version",),
                ),
                "/s",
            ),
            _per_broker(
                "Idle threads",
                gauge("kafka_server_request_handler_idle_ratio", "idle", "broker", times=" * 100"),
                "%",
                "Of those that handle requests: below 30 % the broker is busy.",
            ),
        ),
        (
            _per_broker(
                "Heap",
                gauge(
                    "jvm_memory_used_bytes",
                    "used",
                    "broker",
                    where="\"area\" = 'heap' AND \"broker\" != ''",
                ),
                "B",
            ),
            _per_broker(
                "Time collecting garbage",
                summed_rate(
                    "jvm_gc_collection_seconds_sum",
                    "share",
                    "broker",
                    series=("gc",),
                    where="\"broker\" != ''",
                ),
                "s/s",
            ),
            _per_broker(
                "Connections",
                summed(
                    "kafka_server_socket_connections",
                    "connections",
                    "broker",
                    "listener",
                    series=("processor",),
                ),
            ),
        ),
        (
            _per_broker("Leads partitions", gauge(f"{_REPLICAS}leadercount", "leads", "broker")),
            _per_broker(
                "Metadata behind",
                gauge("kafka_server_metadata_last_applied_record_lag_ms", "lag", "broker"),
                "ms",
            ),
            _per_broker(
                "Waiting requests",
                gauge("kafka_network_requestchannel_requestqueuesize", "requests", "broker"),
            ),
        ),
        (ROOM, FORECAST),
    ),
)
