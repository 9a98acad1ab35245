"""What is deployed by default: one pinned line per image and artifact.

A site holds one back, or names a mirror's copy, under ``images``.
"""

from efd_infra.config.values import Image, Sha256, Url

# renovate: datasource=docker
KAFKA = Image("apache/kafka:4.3.1")
# renovate: datasource=docker
SCHEMA_REGISTRY = Image("confluentinc/cp-schema-registry:8.3.1")
# The observatory's worker: it carries the InfluxDB sink with Rubin's patches (arrays flattened,
# NaN skipped, microseconds) that no upstream release of that age has, and the Avro converter.
# renovate: datasource=docker
CONNECT = Image("ghcr.io/lsst-sqre/strimzi-0.35.1-kafka-3.4.0:1.3.1")
# renovate: datasource=docker
CONNECT_MANAGER = Image("ghcr.io/lsst-sqre/kafkaconnect:1.3.1")
# Made from this repository's ``aggregator``, which takes the place of lsstsqre/kafkaaggregator.
# renovate: datasource=docker
AGGREGATOR = Image("ghcr.io/lsst-sqre/kafka-aggregator:1.0.0")
# renovate: datasource=docker
KAFDROP = Image("obsidiandynamics/kafdrop:4.2.0")
# renovate: datasource=docker
OAUTH2_PROXY = Image("quay.io/oauth2-proxy/oauth2-proxy:v7.15.2")
# 1.11.8 ignored query limits at Rubin and was rolled back (lsst-sqre/phalanx@03cd0fc06).
# renovate: datasource=docker
INFLUXDB = Image("influxdb:1.8.10")
# renovate: datasource=docker
CHRONOGRAF = Image("chronograf:1.9.4")
# renovate: datasource=docker
KAPACITOR = Image("kapacitor:1.8.6")
# renovate: datasource=docker
TELEGRAF = Image("telegraf:1.37.2")
# Fetches pinned artifacts in init containers.
# renovate: datasource=docker
FETCH = Image("curlimages/curl:8.16.0")

# renovate: datasource=github-releases depName=prometheus/jmx_exporter
JMX_EXPORTER_URL = Url(
    "https://github.com/prometheus/jmx_exporter/releases/download/1.0.1/"
    "jmx_prometheus_javaagent-1.0.1.jar"
)
JMX_EXPORTER_SHA256 = Sha256("7d61f737fd661610ccc14aea79764faa1ea94a340cbc8f0029b3d2edea3d80c1")
