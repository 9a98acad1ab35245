"""The configuration of the sink that writes Parquet files: Confluent's, of releases 10 and later.

https://docs.confluent.io/kafka-connectors/s3-sink/current/configuration_options.html, and its
source, ``confluentinc/kafka-connect-storage-cloud``.
"""

import json

from efd_infra.config.archive import PART_BYTES, ParquetSinkSection
from efd_infra.manifests.connect import AGGREGATED_REGISTRY, AVRO, secret_reference

BUCKET_KEYS = "bucket"
"""The directory of the workers that has the bucket's keys."""

_HOUR_MS = 3_600_000
_FLUSH_RECORDS = 1000
_ROTATE_MS = 600_000
"""Ten minutes of a topic's own time after which a file is complete."""
_PART_RETRIES, _PART_PAUSE_MS = 3, 200
_SCHEMAS_KEPT = 5000
_PATH = "'year'=YYYY/'month'=MM/'day'=dd/'hour'=HH"
_AGGREGATES: dict[str, str | int | bool] = {
    "value.converter": AVRO,
    "value.converter.schema.registry.url": AGGREGATED_REGISTRY,
    # There is none.
    "key.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
    # Aggregates of a transaction that is given up are none.
    "consumer.override.isolation.level": "read_committed",
}
"""What is different where statistics are read."""


def s3_sink_settings(section: ParquetSinkSection) -> str:
    """Return the connector's configuration as JSON, without what holds for errors of every sink.

    The values are the original's (lsst-sqre/argocd-efd, apps/kafka-connect-manager). A file is
    complete after ten minutes of its topic's time; of a topic that falls silent that time stands
    still, so the clock of the wall completes its last file within an hour.
    """
    settings: dict[str, str | int | bool] = {
        "name": section.name,
        "connector.class": "io.confluent.connect.s3.S3SinkConnector",
        "tasks.max": section.tasks,
        "topics.regex": section.read,
        "consumer.override.metadata.max.age.ms": section.check_interval.milliseconds,
        "store.url": section.endpoint,
        "s3.bucket.name": section.bucket,
        "s3.region": section.region,
        "aws.access.key.id": secret_reference(BUCKET_KEYS, "access-key-id"),
        "aws.secret.access.key": secret_reference(BUCKET_KEYS, "secret-access-key"),
        "s3.part.size": PART_BYTES,
        "s3.part.retries": _PART_RETRIES,
        "s3.retry.backoff.ms": _PART_PAUSE_MS,
        "storage.class": "io.confluent.connect.s3.storage.S3Storage",
        "topics.dir": "topics",
        "format.class": "io.confluent.connect.s3.format.parquet.ParquetFormat",
        "parquet.codec": "snappy",
        "partitioner.class": "io.confluent.connect.storage.partitioner.TimeBasedPartitioner",
        "partition.duration.ms": _HOUR_MS,
        "path.format": _PATH,
        "timestamp.extractor": "Record",
        "timezone": "UTC",
        "locale": "en-US",
        "flush.size": _FLUSH_RECORDS,
        "rotate.interval.ms": _ROTATE_MS,
        "rotate.schedule.interval.ms": _HOUR_MS,
        "schema.compatibility": "NONE",
        "schemas.cache.config": _SCHEMAS_KEPT,
        "behavior.on.null.values": "fail",
        **(_AGGREGATES if section.aggregated else {}),
    }
    return json.dumps(settings, indent=2)
