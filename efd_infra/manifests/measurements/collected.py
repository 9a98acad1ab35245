"""What Telegraf collects without scraping: from InfluxDB, itself, certificates and nodes."""

from collections.abc import Iterator

from efd_infra.manifests.measurements.measurement import (
    Kind,
    Measurement,
    Writer,
    floats,
    integers,
)

_SERVER = {"url": "http://influxdb.influxdb:8086/debug/vars"}
_SHARD = {**_SERVER, "database": "efd", "retentionPolicy": "autogen", "id": "1"}
_VERSION = {"version": "1.37.2"}
_NODE = {"node": "node-1"}


def collected() -> Iterator[Measurement]:
    """Yield what Telegraf collects from InfluxDB, itself, certificates and nodes."""
    yield from _influxdb()
    yield from _telegraf()
    yield Measurement(
        name="x509_cert",
        writer=Writer.CERTIFICATES,
        tags={"host": "kafka-0.example.org", "source": "tcp://kafka:9093", "type": "leaf"},
        fields=integers("age enddate expiry startdate verification_code"),
    )
    yield from _nodes()


def _influxdb() -> Iterator[Measurement]:
    """Yield its ``/debug/vars``; whatever has a shard's identity exists once per shard."""
    writer = Writer.INFLUXDB
    yield Measurement(name="influxdb", writer=writer, fields=integers("n_shards"))
    for name, tags, fields in (
        (
            "system",
            _SERVER,
            integers("uptime") | dict.fromkeys(("current_time", "started"), Kind.STRING),
        ),
        (
            "memstats",
            _SERVER,
            floats("gc_cpu_fraction")
            | integers("alloc heap_alloc heap_idle heap_inuse heap_sys num_gc pause_total_ns sys"),
        ),
        (
            "runtime",
            _SERVER,
            floats("Alloc HeapAlloc HeapIdle HeapInUse HeapSys NumGC NumGoroutine Sys"),
        ),
        (
            "queryExecutor",
            _SERVER,
            floats("queriesActive queriesExecuted queriesFinished queryDurationNs recoveredPanics"),
        ),
        ("database", {**_SERVER, "database": "efd"}, floats("numMeasurements numSeries")),
        (
            "httpd",
            {**_SERVER, "bind": ":8086"},
            floats(
                "authFail clientError pointsWrittenDropped pointsWrittenFail pointsWrittenOK "
                "queryReq queryReqDurationNs queryRespBytes req reqActive reqDurationNs "
                "serverError valuesWrittenOK writeReq writeReqActive writeReqBytes "
                "writeReqDurationNs"
            ),
        ),
        (
            "write",
            _SERVER,
            floats(
                "pointReq req subWriteDrop subWriteOk writeDrop writeError writeOk writeTimeout"
            ),
        ),
        ("subscriber", _SERVER, floats("createFailures pointsWritten writeFailures")),
        (
            "shard",
            _SHARD,
            floats(
                "diskBytes fieldsCreate seriesCreate writeBytes writePointsDropped "
                "writePointsErr writePointsOk writeReq writeReqErr writeReqOk writeValuesOk"
            ),
        ),
        (
            "tsm1_cache",
            _SHARD,
            floats("cacheAgeMs cachedBytes diskBytes memBytes snapshotCount writeDropped writeErr"),
        ),
        ("tsm1_engine", _SHARD, _compactions()),
        ("tsm1_filestore", _SHARD, floats("diskBytes numFiles")),
        ("tsm1_wal", _SHARD, floats("currentSegmentDiskBytes oldSegmentsDiskBytes writeErr")),
    ):
        yield Measurement(name=f"influxdb_{name}", writer=writer, tags=tags, fields=fields)


def _compactions() -> dict[str, Kind]:
    stages = ("tsmLevel1", "tsmLevel2", "tsmLevel3", "tsmOptimize", "tsmFull")
    queues = [f"{stage}CompactionQueue" for stage in stages]
    return floats(
        " ".join(
            queues
            + [
                f"{stage}{figure}"
                for stage in ("cache", *stages)
                for figure in (
                    "CompactionDuration",
                    "CompactionErr",
                    "Compactions",
                    "CompactionsActive",
                )
            ]
        )
    )


def _telegraf() -> Iterator[Measurement]:
    """Yield what Telegraf says about itself."""
    for name, tags, fields in (
        (
            "agent",
            {**_VERSION, "go_version": "1.26.8"},
            (
                "gather_errors gather_timeouts metrics_dropped metrics_gathered metrics_rejected "
                "metrics_written"
            ),
        ),
        (
            "gather",
            {**_VERSION, "input": "prometheus"},
            "errors gather_time_ns gather_timeouts metrics_gathered",
        ),
        (
            "write",
            {**_VERSION, "output": "influxdb"},
            (
                "buffer_limit buffer_size errors metrics_added metrics_dropped metrics_filtered "
                "metrics_rejected metrics_written write_time_ns"
            ),
        ),
        ("memstats", {}, "alloc_bytes heap_alloc_bytes heap_in_use_bytes num_gc sys_bytes"),
    ):
        yield Measurement(
            name=f"internal_{name}", writer=Writer.COLLECTOR, tags=tags, fields=integers(fields)
        )


def _nodes() -> Iterator[Measurement]:
    """Yield what the agent of each node measures: what a pod sees of its node by itself."""
    for name, tags, fields in (
        (
            "cpu",
            {"cpu": "cpu-total"},
            floats("user system idle nice iowait irq softirq steal guest guest_nice", "usage_"),
        ),
        (
            "mem",
            {},
            floats("available_percent used_percent")
            | integers("available buffered cached free total used"),
        ),
        ("system", {}, floats("load1 load5 load15") | integers("n_cpus uptime")),
        (
            "disk",
            {"path": "/", "device": "overlay", "fstype": "overlay", "mode": "ro"},
            floats("used_percent inodes_used_percent")
            | integers("free total used inodes_free inodes_total inodes_used"),
        ),
        (
            "diskio",
            {"name": "sda"},
            floats("io_await io_svctm io_util")
            | integers(
                "io_time iops_in_progress read_bytes read_time reads weighted_io_time "
                "write_bytes write_time writes"
            ),
        ),
    ):
        yield Measurement(name=name, writer=Writer.NODES, tags=_NODE | tags, fields=fields)
