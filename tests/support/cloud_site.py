"""A small site with a cluster of its own in the cloud, for tests that change one of its values."""

import copy
from typing import Any

import yaml

_SITE = """
name: trial
cluster:
  context: efd-trial
  nodes: 3
  storageClass: efd-disks
  durable: false
  certificate: {secret: tls-certs}
cloud:
  project: example-project
  zone: us-central1-b
  releaseChannel: STABLE
  machineType: e2-standard-8
  spot: true
  nodes: {least: 2, most: 5}
  bootDisk: 60Gi
  diskType: pd-ssd
  names: {zone: efd-sandboxes, domain: trial.example.org}
  owner: someone
  end: "2030-01-02T03:04:05Z"
  hourlyLimit: 2.5
streaming:
  kafka:
    storage: {size: 10Gi}
    ingestPerDay: 1Gi
    external:
      type: LoadBalancer
      bootstrap: kafka.trial.example.org
      advertised: kafka-{broker}.trial.example.org
    users:
      - {name: sal, produces: [lsst.sal.]}
  connect: {replicas: 1}
  connectors:
    - {name: influxdb-sink}
timeseries:
  influxdb:
    host: influxdb.trial.example.org
    storage: {size: 20Gi}
monitoring: {}
"""


def cloud_site() -> dict[str, Any]:
    """Return a new copy of the site."""
    site: dict[str, Any] = copy.deepcopy(yaml.safe_load(_SITE))
    return site
