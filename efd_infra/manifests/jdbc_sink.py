"""The configuration of the sink into the consolidated database: Debezium's, of release 3.4.

https://debezium.io/documentation/reference/3.4/connectors/jdbc.html
"""

import json

from efd_infra.config.archive import DatabaseSinkSection
from efd_infra.config.sal import AGGREGATED_SUFFIX
from efd_infra.config.streaming import INSTANCE
from efd_infra.manifests.connect import AGGREGATED_REGISTRY, AVRO, SECRETS_DIR, secret_reference

DATABASE_USER = "database"
"""The directory of the workers that has the database's user."""

_RETRIES = 5
_PAUSE_MS = 1000
_BATCH = 500


def jdbc_sink_settings(section: DatabaseSinkSection) -> str:
    """Return the connector's configuration as JSON, without what holds for errors of every sink.

    A row is one window of one instance, and the same window again is the same row: what Connect
    delivers twice after a restart is there once. What PostgreSQL refuses fails the task, which
    loses nothing and is restarted; what nobody can decode is a dead letter.
    """
    settings: dict[str, str | int | bool] = {
        "name": section.name,
        "connector.class": "io.debezium.connector.jdbc.JdbcSinkConnector",
        "tasks.max": section.tasks,
        "topics.regex": section.read,
        "consumer.override.metadata.max.age.ms": section.check_interval.milliseconds,
        "consumer.override.auto.offset.reset": "earliest",
        # Aggregates of a transaction that is given up are none.
        "consumer.override.isolation.level": "read_committed",
        "value.converter": AVRO,
        "value.converter.schema.registry.url": AGGREGATED_REGISTRY,
        # Whatever it is: the row says what it is of.
        "key.converter": "org.apache.kafka.connect.converters.ByteArrayConverter",
        "connection.url": jdbc_url(section),
        "connection.username": secret_reference(DATABASE_USER, "username"),
        "connection.password": secret_reference(DATABASE_USER, "password"),
        "connection.pool.min_size": 1,
        "connection.pool.max_size": 4,
        "connection.pool.acquire_increment": 1,
        "connection.restart.on.errors": True,
        "flush.max.retries": _RETRIES,
        "flush.retry.delay.ms": _PAUSE_MS,
        "batch.size": _BATCH,
        "insert.mode": "upsert",
        "primary.key.mode": "record_value",
        "primary.key.fields": f"time,{INSTANCE}",
        "schema.evolution": "basic",
        # lsst.sal.MTMount.azimuth-aggregated: the table mtmount_azimuth.
        "transforms": "table",
        "transforms.table.type": "org.apache.kafka.connect.transforms.RegexRouter",
        "transforms.table.regex": rf"(?:lsst\.sal\.)?(.*){AGGREGATED_SUFFIX}",
        "transforms.table.replacement": "$1",
    }
    return json.dumps(settings, indent=2)


def jdbc_url(section: DatabaseSinkSection) -> str:
    """Return where the database is, for a driver that trusts nobody else."""
    trust = (
        f"sslrootcert={SECRETS_DIR}/{DATABASE_USER}/ca.crt"
        if section.private_ca
        else "sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory"
    )
    where = f"{section.host}:{section.port}/{section.database}"
    # Bounded, so that a server that answers nothing is noticed: seconds.
    patience = "connectTimeout=10&socketTimeout=60&tcpKeepAlive=true"
    return f"jdbc:postgresql://{where}?sslmode=verify-full&{trust}&{patience}"
