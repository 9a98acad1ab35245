"""A site that has every section and says every value, for tests that change one of them."""

import copy
from functools import cache
from typing import Any

import yaml

_FULL = """
name: full
alias: full_efd
cluster:
  context: full-context
  nodes: 3
  storageClass: fast
  enforcesStorageSize: true
  ingressClass: public
  ingressNamespace: front-door
  clients: [notebooks, producers]
  dnsRanges: [169.254.20.10/32]
  publicPort: 8443
  certificate: {secret: full-tls}
  logs: {annotations: {parser: logfmt}}
  durable: true
images:
  kafka: mirror.example.org/kafka:5.0.1
  schemaRegistry: mirror.example.org/registry:1.0.2
  connect: mirror.example.org/connect:1.0.3
  connectManager: mirror.example.org/manager:1.0.4
  aggregator: mirror.example.org/aggregator:1.0.12
  kafdrop: mirror.example.org/kafdrop:1.0.5
  oauth2Proxy: mirror.example.org/proxy:1.0.6
  influxdb: mirror.example.org/influxdb:1.0.7
  chronograf: mirror.example.org/chronograf:1.0.8
  kapacitor: mirror.example.org/kapacitor:1.0.9
  telegraf: mirror.example.org/telegraf:1.0.10
  fetch: mirror.example.org/fetch:1.0.11
  jmxExporter:
    url: https://mirror.example.org/jmx.jar
    sha256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  pullPolicy: Always
streaming:
  kafka:
    brokers: 4
    storage: {size: 500Gi, storageClass: brokers}
    ingestPerDay: 100Gi
    heap: 2500Mi
    resources: {cpu: "2", memory: 5Gi, cpuLimit: "5", memoryLimit: 9Gi}
    retention: 96h
    offsetsRetention: 10d
    tombstoneRetention: 2d
    replicationFactor: 3
    minInSyncReplicas: 2
    checkedChanges: true
    mayPause: [scratch.]
    metadataVersion: "4.2"
    autoCreateTopics: true
    maxMessage: 11Mi
    nodeLabels: {kafka: ok}
    internal: {namespaces: [nublado, sal], anonymous: false}
    external:
      type: NodePort
      bootstrap: kafka.example.org
      advertised: kafka-{broker}.example.org
      firstNodePort: 31190
    users:
      - name: sal-writer
        produces: [lsst.sal.]
        quota: {produce: 20Mi, consume: 1Mi}
        generation: 2
      - {name: analyst, consumes: [lsst.sal.], groups: [analysis-]}
      - {name: far-mirror, mirrors: [lsst.sal., _schemas]}
      - {name: exporter, consumes: [metrics.], monitors: true}
    loginGeneration: 3
  schemaRegistry:
    host: registry.example.org
    sourceRanges: [192.0.2.0/24]
    replicas: 2
    mayWrite: true
    compatibility: FULL
    mode: READONLY
    mutableMode: true
    heap: 600Mi
    resources: {cpu: 300m, memory: 1100Mi, cpuLimit: "10", memoryLimit: 1200Mi}
  connect:
    replicas: 4
    heap: 700Mi
    memoryLimit: 1300Mi
    cpuLimit: "6"
    offsetFlushInterval: 70s
    plugins:
      - name: jdbc-sink
        url: https://plugins.example.org/debezium-connector-jdbc-3.4.3.Final-plugin.tar.gz
        sha256: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee
      - name: s3-sink
        url: https://plugins.example.org/confluentinc-kafka-connect-s3-10.6.0.zip
        sha256: cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
  connectors:
    - name: influxdb-one
      database: efd
      topics: lsst\\.sal\\.A.*
      excluded: lsst\\.sal\\.AB.*
      tasks: 2
      timestamp: private_rcvStamp
      onError: skip
      checkInterval: 20s
      engine: connect
    - name: influxdb-two
      engine: telegraf
      database: efd
      topics: lsst\\.sal\\.D.*
      excluded: lsst\\.sal\\.DE.*
      tasks: 3
      timestamp: private_sndStamp
      checkInterval: 25s
      resources: {cpu: 140m, memory: 280Mi, cpuLimit: "8", memoryLimit: 3100Mi}
    - name: influxdb-three
      engine: telegraf
      aggregated: true
      database: archive
      topics: lsst\\.sal\\.H.*
      excluded: lsst\\.sal\\.HE.*
      tasks: 2
      checkInterval: 35s
      resources: {cpu: 170m, memory: 310Mi, cpuLimit: "9", memoryLimit: 3200Mi}
  aggregation:
    topics: lsst\\.sal\\.I.*
    excluded: lsst\\.sal\\.IE.*
    timestamp: private_kafkaStamp
    window: 5s
    grace: 12s
    closesAfter: 55s
    minSamples: 3
    checkInterval: 40s
    workers: 3
    threads: 2
    heap: 1200Mi
    state: 1700Mi
    resources: {cpu: 650m, memory: 1800Mi, cpuLimit: "11", memoryLimit: 2100Mi}
    registry:
      replicas: 2
      heap: 290Mi
      resources: {cpu: 180m, memory: 520Mi, cpuLimit: "13", memoryLimit: 530Mi}
  kafdrop:
    host: kafdrop.example.org
    login: {organizations: [lsst-ts], secret: kafdrop-login-outside}
    heap: 300Mi
    resources: {cpu: 150m, memory: 600Mi, cpuLimit: "2", memoryLimit: 700Mi}
timeseries:
  influxdb:
    host: influxdb.example.org
    storage: {size: 2Ti, storageClass: points}
    resources: {cpu: "5", memory: 17Gi, cpuLimit: "9", memoryLimit: 33Gi}
    queries: {concurrent: 11, timeout: 901s, logAfter: 16s}
    writeTimeout: 61s
    walFsyncDelay: 100ms
    databases:
      - name: efd
        retention:
          - {name: autogen, keep: 31d, shard: 2d}
          - name: middle
            keep: 45d
            shard: 4d
            tier:
              every: 20s
              source: autogen
              topics: lsst\\.sal\\.E.*
              statistics: [sum, count, max]
          - name: low
            keep: 52w
            shard: 8d
            tier:
              every: 40s
              source: middle
              topics: lsst\\.sal\\.F.*
              statistics: [mean, max]
      - {name: telegraf}
      - {name: chronograf}
      - name: archive
        retention: [{name: autogen, keep: 60d, shard: 3d, shortenedFrom: 90d}]
  chronograf:
    host: chronograf.example.org
    storage: {size: 9Gi, storageClass: pages}
    login: {organizations: [lsst-it], secret: chronograf-login-outside}
    resources: {cpu: 110m, memory: 260Mi, cpuLimit: "3", memoryLimit: 3Gi}
  kapacitor:
    storage: {size: 10Gi}
    resources: {cpu: 120m, memory: 2Gi, cpuLimit: "4", memoryLimit: 5Gi}
    handlers:
      slack: {channel: "#efd-alerts", least: warning, secret: slack-outside}
      email:
        host: mail.example.org
        port: 588
        sender: efd@example.org
        recipients: [efd-oncall@example.org]
        least: critical
        secret: mail-outside
      webhook: {port: 8443, least: critical, secret: webhook-outside}
    thresholds:
      - {alert: mirror-lag, warning: 20000, critical: 200000}
  daytime: {timeZone: America/Santiago, begins: "08:30", ends: "16:15"}
  downsampling:
    {lateness: 98h, resources: {cpu: 160m, memory: 290Mi, cpuLimit: "12", memoryLimit: 340Mi}}
monitoring:
  database: telegraf
  interval: 65s
  resources: {cpu: 130m, memory: 270Mi, cpuLimit: "5", memoryLimit: 2Gi}
  nodes:
    nodeLabels: {efd: measured}
    resources: {cpu: 30m, memory: 70Mi, cpuLimit: 300m, memoryLimit: 270Mi}
backup:
  bucket:
    name: copies-of-full
    prefix: efd/full
    endpoint: https://store.example.org:9443
    region: eu-west-3
    secret: bucket-keys-outside
  every: day
  keep: 9
  rate: 21MB/s
  rehearsal:
    every: week
    storage: {size: 120Gi, storageClass: rehearsals}
archive:
  database:
    name: tables
    host: database.example.org
    port: 5433
    database: consolidated
    secret: database-outside
    privateCa: true
    topics: lsst\\.sal\\.J.*
    excluded: lsst\\.sal\\.JE.*
    tasks: 5
    checkInterval: 45s
  parquet:
    name: parquet-files
    content: both
    bucket: files-of-full
    endpoint: https://archive.example.org:9444
    region: ap-east-1
    secret: archive-keys-outside
    topics: lsst\\.sal\\.K.*
    excluded: lsst\\.sal\\.KE.*
    tasks: 6
    expectedTopics: 20
    partitionsPerTopic: 2
    checkInterval: 50s
replication:
  source: origin
  bootstrap: kafka.origin.example.org:31090
  login: {secret: origin-login, privateCa: true}
  topics: [lsst\\.sal\\.B.*, lsst\\.sal\\.C.*]
  tasks: 9
  workers: 3
  replicationFactor: 3
  refresh: 75s
  schemas: false
  outageBudget: 30h
  rate: 12MB/s
  maxMessage: 9Mi
  heap: 4Gi
  resources: {cpu: 1500m, memory: 6Gi, cpuLimit: "7", memoryLimit: 7Gi}
"""


def full_site() -> dict[str, Any]:
    """Return a new copy of the site."""
    return copy.deepcopy(_parsed())


@cache
def _parsed() -> dict[str, Any]:
    """Return the site: to read its text takes a hundred times as long as to copy it."""
    site: dict[str, Any] = yaml.safe_load(_FULL)
    return site


def named(site: dict[str, Any]) -> dict[str, Any]:
    """Return the site with a zone for its names, of which one is left out."""
    dns = {
        "zone": "example.org",
        "zoneId": "Z0FULL",
        "ttl": "310s",
        "ingress": ["192.0.2.51"],
        "nodes": ["192.0.2.52", "192.0.2.53"],
        "leftOut": ["kafdrop.example.org"],
    }
    return {**copy.deepcopy(site), "dns": dns}


def mirroring_schemas() -> dict[str, Any]:
    """Return the site with the source's schemas, which its own registry may not write then."""
    registry = "streaming.schemaRegistry"
    site = without(full_site(), f"{registry}.compatibility", f"{registry}.mode")
    site = changed(site, f"{registry}.mayWrite", value=False)
    return changed(site, "replication.schemas", value=True)


def unmeasured(site: dict[str, Any]) -> dict[str, Any]:
    """Return a site without Telegraf, and without the tiers, which note their progress there."""
    policies = "timeseries.influxdb.databases.0.retention"
    return without(site, "monitoring", f"{policies}.2", f"{policies}.1")


def at(data: Any, path: str) -> Any:
    """Return what stands at a dotted path, such as ``streaming.connectors.0.name``."""
    for key in filter(None, path.split(".")):
        data = data[_key(data, key)]
    return data


def changed(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of ``data`` with ``value`` at ``path``."""
    copied = copy.deepcopy(data)
    container, _, key = path.rpartition(".")
    target = at(copied, container)
    target[_key(target, key)] = value
    return copied


def without(data: dict[str, Any], *paths: str) -> dict[str, Any]:
    """Return a copy of ``data`` without what stands at ``paths``."""
    copied = copy.deepcopy(data)
    for path in paths:
        container, _, key = path.rpartition(".")
        target = at(copied, container)
        del target[_key(target, key)]
    return copied


def _key(container: Any, key: str) -> Any:
    return int(key) if isinstance(container, list) else key
