"""Other values for the full site, where one cannot be made up of the present one."""

from typing import Any

from tests.support.token import Token

_TIER = "timeseries.influxdb.databases.0.retention"

UNLIKE = {
    "archive.database.topics": Token(r"lsst\.sal\.JC.*", ("JC.*-aggregated",)),
    "archive.database.excluded": Token(r"lsst\.sal\.JD.*", ("JD.*-aggregated",)),
    "archive.parquet.topics": Token(r"lsst\.sal\.KA.*", ("KA.*",)),
    "archive.parquet.excluded": Token(r"lsst\.sal\.KB.*", ("KB.*",)),
    "cluster.dnsRanges": Token(["169.254.25.10/32"], ("169.254.25.10/32",)),
    "images.jmxExporter.sha256": Token("b" * 64, ("b" * 64,)),
    "images.pullPolicy": Token("Never", ('"imagePullPolicy": "Never"',)),
    "streaming.aggregation.topics": Token(r"lsst\.sal\.JA.*", ("JA.*",)),
    "streaming.aggregation.excluded": Token(r"lsst\.sal\.JB.*", ("JB.*",)),
    "streaming.connect.plugins.0.url": Token(
        "https://example.org/debezium-connector-jdbc-other.zip", ("jdbc-other.zip",)
    ),
    "streaming.connect.plugins.0.sha256": Token("d" * 64, ("d" * 64,)),
    "streaming.connect.plugins.1.url": Token(
        "https://example.org/confluentinc-kafka-connect-s3-other.zip", ("s3-other.zip",)
    ),
    "streaming.connect.plugins.1.sha256": Token("f" * 64, ("f" * 64,)),
    "streaming.kafka.external.advertised": Token("seen-{broker}.example.org", ("seen-0",)),
    "streaming.kafka.autoCreateTopics": Token(
        value=False, forms=("auto.create.topics.enable=false",)
    ),
    "streaming.kafka.metadataVersion": Token("4.1", ('"value": "4.1"',)),
    "streaming.kafka.nodeLabels": Token({"kafka": "maybe"}, ("maybe",)),
    "streaming.kafka.retention": Token("97h", (str(97 * 3_600_000),)),
    "streaming.schemaRegistry.compatibility": Token("NONE", ('"value": "NONE"',)),
    "streaming.schemaRegistry.mode": Token("READWRITE", ('"value": "READWRITE"',)),
    "streaming.schemaRegistry.sourceRanges": Token(["198.51.100.0/24"], ("198.51.100.0/24",)),
    "timeseries.daytime.begins": Token("09:15", ("15 9 * * *",)),
    "timeseries.daytime.ends": Token("16:45", (str((7 * 60 + 30) * 60),)),
    "timeseries.daytime.timeZone": Token("America/New_York", ("America/New_York",)),
    f"{_TIER}.1.tier.topics": Token(r"lsst\.sal\.GA.*", ("GA.*",)),
    f"{_TIER}.2.tier.topics": Token(r"lsst\.sal\.GB.*", ("GB.*",)),
}
"""Values of a form of their own that stand nowhere else, or whose effect does."""

OTHER: dict[str, Any] = {
    "cluster.enforcesStorageSize": False,
    "cluster.nodes": 4,
    "streaming.kafka.brokers": 5,
    "streaming.kafka.ingestPerDay": "101Gi",
    "streaming.kafka.replicationFactor": 4,
    "streaming.aggregation.workers": 5,
    "streaming.aggregation.threads": 4,
    "archive.parquet.content": "aggregates",
    "archive.parquet.endpoint": "https://other.example.org:9444",
    "archive.parquet.region": "ap-east-2",
    "archive.parquet.expectedTopics": 21,
    "archive.parquet.partitionsPerTopic": 3,
    "replication.outageBudget": "31h",
    "replication.replicationFactor": 4,
    "streaming.kafka.minInSyncReplicas": 1,
    "replication.rate": "13MB/s",
    "backup.bucket.endpoint": "https://other.example.org:9443",
    "backup.bucket.region": "eu-west-4",
    "backup.every": "week",
    "backup.rate": "22MB/s",
    "backup.rehearsal.every": "day",
    "timeseries.daytime.timeZone": "Europe/Rome",
    "timeseries.daytime.begins": "08:31",
    "timeseries.daytime.ends": "16:16",
    "replication.schemas": None,
    "streaming.kafka.external.type": None,
    "streaming.schemaRegistry.mayWrite": None,
    "streaming.schemaRegistry.mutableMode": None,
    "streaming.connectors.0.database": "telegraf",
    "streaming.connectors.0.onError": "stop",
    "streaming.connectors.0.tasks": 3,
    "streaming.connectors.0.engine": None,
    "streaming.connectors.1.engine": None,
    "streaming.connectors.1.database": "telegraf",
    "streaming.connectors.2.engine": None,
    "streaming.connectors.2.database": "telegraf",
    "streaming.connectors.2.tasks": 3,
    "streaming.aggregation.window": "4s",
    "streaming.connectors.1.tasks": 4,
    "timeseries.influxdb.databases.0.retention.0.name": None,
    "timeseries.influxdb.databases.0.retention.1.name": None,
    "timeseries.influxdb.databases.0.retention.1.tier.every": "10s",
    "timeseries.influxdb.databases.0.retention.1.tier.source": None,
    "timeseries.influxdb.databases.0.retention.1.tier.statistics": ["sum", "count", "max", "min"],
    "timeseries.influxdb.databases.0.retention.2.tier.every": "60s",
    "timeseries.influxdb.databases.0.retention.2.tier.source": "autogen",
    "timeseries.influxdb.databases.0.retention.2.tier.statistics": ["max"],
    "timeseries.influxdb.databases.0.name": None,
    "timeseries.influxdb.databases.1.name": None,
    "timeseries.influxdb.databases.2.name": None,
    "timeseries.influxdb.databases.3.name": None,
    "timeseries.influxdb.databases.3.retention.0.name": None,
    "timeseries.kapacitor.handlers.slack.channel": "#efd-night",
    "timeseries.kapacitor.handlers.slack.least": "critical",
    "timeseries.kapacitor.handlers.email.least": "warning",
    "timeseries.kapacitor.handlers.webhook.least": "warning",
    "timeseries.kapacitor.thresholds.0.alert": "sink-lag",
    "monitoring.database": "efd",
    "monitoring.nodes.nodeLabels": {"efd": "other"},
}
"""What else is said where rules leave little choice; none where they leave none."""
