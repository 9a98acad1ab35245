"""What services publish in Prometheus' format, as Telegraf writes it: one measurement for all.

Every metric is a field, and its labels are tags, besides those that tell the pod: for a broker its
number, for others the Service (``url``) and the pod's own address.
"""

from collections.abc import Iterator

from efd_infra.manifests.measurements.measurement import Kind, Measurement, Writer, floats

SCRAPED = "prometheus"
"""The measurement: Telegraf's, with ``metric_version = 2``."""

_BROKER = {"broker": "0", "url": "http://kafka-0.kafka:5556/metrics"}
_POD = {"address": "10.0.0.1", "url": "http://service.namespace:5556/metrics"}

JVM = {
    "": floats(
        "jmx_scrape_duration_seconds jmx_scrape_error process_cpu_seconds_total process_max_fds "
        "process_open_fds process_resident_memory_bytes process_start_time_seconds "
        "jvm_threads_current"
    ),
    "area=heap": floats("jvm_memory_used_bytes jvm_memory_max_bytes jvm_memory_committed_bytes"),
    "gc=G1 Young Generation": floats(
        "jvm_gc_collection_seconds_sum jvm_gc_collection_seconds_count"
    ),
}
"""By labels, what every Java pod has of itself; the exporter publishes some more."""

BROKERS = {
    "": {
        **floats(
            "atminisrpartitioncount leadercount offlinereplicacount partitioncount "
            "reassigningpartitions underminisrpartitioncount underreplicatedpartitions "
            "failedisrupdates_total isrexpands_total isrshrinks_total",
            "kafka_server_replicamanager_",
        ),
        **floats(
            "bytesin_total bytesout_total bytesrejected_total messagesin_total "
            "failedfetchrequests_total failedproducerequests_total "
            "replicationbytesin_total replicationbytesout_total "
            "totalfetchrequests_total totalproducerequests_total",
            "kafka_server_brokertopicmetrics_",
        ),
        **floats(
            "activebrokercount activecontrollercount fencedbrokercount globalpartitioncount "
            "globaltopiccount metadataerrorcount offlinepartitionscount "
            "preferredreplicaimbalancecount",
            "kafka_controller_kafkacontroller_",
        ),
        **floats(
            "append_records_rate commit_latency_avg current_epoch current_leader high_watermark "
            "number_of_voters poll_idle_ratio_avg",
            "kafka_server_raft_",
        ),
        **floats(
            "kafka_controller_controllerstats_uncleanleaderelections_total "
            "kafka_log_logcleaner_deadthreadcount "
            "kafka_log_logcleanermanager_uncleanable_partitions_count "
            "kafka_log_logflushstats_logflushrateandtimems_total "
            "kafka_log_logmanager_offlinelogdirectorycount "
            "kafka_network_requestchannel_requestqueuesize "
            "kafka_network_requestchannel_responsequeuesize "
            "kafka_network_socketserver_networkprocessoravgidlepercent "
            "kafka_server_kafkaserver_brokerstate "
            "kafka_server_metadata_last_applied_record_lag_ms "
            "kafka_server_metadata_metadata_apply_error_count "
            "kafka_server_metadata_metadata_load_error_count "
            "kafka_server_replicafetchermanager_maxlag "
            "kafka_server_request_handler_idle_ratio"
        ),
    },
    "quantile=0.99,request=Produce": floats("kafka_network_request_time_ms"),
    "request=Produce,version=13": floats("kafka_network_requests_total"),
    "listener=CLIENTS,processor=0": floats("kafka_server_socket_connections"),
    "protocol=consumer": floats("kafka_server_group_coordinator_group_count"),
    "state=Stable": floats("kafka_server_group_coordinator_consumer_group_count"),
}

REGISTRY = {
    "": floats(
        "connections leader nodes request_error_rate request_latency_99 request_latency_avg "
        "request_rate requests_failure_total requests_success_total schemas_deleted_total "
        "schemas_registered_total",
        "schema_registry_",
    ),
}

_TASK = "connector=influxdb-sink,task=0"
_WORKERS = {
    "": floats(
        "connector_count task_count rebalancing rebalance_max_time_ms time_since_last_rebalance_ms",
        "kafka_connect_worker_",
    ),
    "connector=influxdb-sink": floats(
        "failed paused running unassigned", "kafka_connect_worker_tasks_"
    ),
    "connector=influxdb-sink,status=running": floats("kafka_connect_connector_status"),
    "connector=influxdb-sink,status=running,task=0": floats("kafka_connect_task_status"),
}
_ERRORS = floats(
    "record_errors_total record_failures_total records_skipped_total retries_total",
    "kafka_connect_task_",
)

CONNECT = {
    **_WORKERS,
    "": _WORKERS[""]
    | floats(
        "connector_startup_failure_total task_startup_failure_total rebalances_total",
        "kafka_connect_worker_",
    ),
    _TASK: {
        **_ERRORS,
        **floats(
            "batch_size_avg offset_commit_failure_percentage offset_commit_max_time_ms "
            "running_ratio dead_letter_failures_total dead_letter_requests_total",
            "kafka_connect_task_",
        ),
        **floats(
            "active_count bytes_consumed_rate partition_count put_batch_avg_time_ms "
            "put_batch_max_time_ms records_consumed_rate records_lag_max records_read_total "
            "records_send_total",
            "kafka_connect_sink_",
        ),
    },
}

MIRROR = {
    **_WORKERS,
    "source=summit,target=ldf,topic=lsst.sal.Test.logevent_heartbeat": floats(
        "record_age_ms replication_latency_ms", "kafka_mirror_"
    ),
    "source=summit,target=ldf,task=0": floats(
        "bytes_consumed_rate fetch_latency_avg records_consumed_rate records_lag_max",
        "kafka_mirror_",
    ),
    "connector=MirrorSourceConnector,task=0": {
        **_ERRORS,
        **floats(
            "active_count poll_batch_max_time_ms records_poll_total records_write_total",
            "kafka_connect_source_",
        ),
    },
}

AGGREGATOR = {
    "": floats(
        "alive_stream_threads client_state failed_stream_threads",
        "kafka_streams_",
    ),
    "thread=1": floats(
        "bytes_consumed_rate commit_latency_avg commit_total "
        "poll_records_avg process_latency_avg process_ratio process_total "
        "records_consumed_rate records_error_total records_lag_max records_send_total",
        "kafka_streams_thread_",
    ),
    "thread=1,task=0_0": floats("kafka_streams_dead_letters_total"),
    "thread=1,task=1_0": floats("kafka_streams_late_records_total"),
}

MANAGERS = {
    "connector=influxdb-sink": floats(
        "config_bytes config_limit_bytes last_success_timestamp_seconds put_backs_total refused "
        "restart_pause_seconds restarts_total tasks tasks_failed topics uploads_busy_total "
        "uploads_total",
        "efd_connector_",
    ),
    "connector=influxdb-sink,reason=size": floats("efd_connector_uploads_refused_total"),
    "connector=influxdb-sink,state=running": floats("efd_connector_state"),
}

COMPANIONS = {
    "": floats(
        "schema_longest_wait_seconds schemas_awaited schemas_overdue",
        "efd_sink_",
    ),
}

CLAIMS = {
    "claim=data-0": floats("free_bytes size_bytes free_files files", "efd_claim_"),
}
"""What the file system of a store has; several stores of a node may share one."""


def scraped() -> Iterator[Measurement]:
    """Yield what Telegraf collects from pods."""
    for writer, pod, metrics in (
        (Writer.BROKERS, _BROKER, _java(BROKERS)),
        (Writer.REGISTRY, _POD, _java(REGISTRY)),
        (Writer.CONNECT, _POD, _java(CONNECT)),
        (Writer.MIRROR, _POD, _java(MIRROR)),
        (Writer.AGGREGATOR, _POD, _java(AGGREGATOR)),
        (Writer.MANAGERS, _POD, MANAGERS),
        (Writer.COMPANIONS, _POD, COMPANIONS),
        (Writer.CLAIMS, _POD, CLAIMS),
    ):
        for labels, fields in metrics.items():
            yield Measurement(
                name=SCRAPED, writer=writer, tags=dict(pod) | _labels(labels), fields=fields
            )


def _java(metrics: dict[str, dict[str, Kind]]) -> dict[str, dict[str, Kind]]:
    """Return metrics with those that every Java pod has."""
    return {**JVM, **metrics, "": {**JVM[""], **metrics[""]}}


def _labels(text: str) -> dict[str, str]:
    return dict(label.split("=", 1) for label in text.split(",") if label)
