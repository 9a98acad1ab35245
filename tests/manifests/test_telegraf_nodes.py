"""The settings of the Telegraf on each node."""

import tomllib
from typing import Any

from efd_infra.config.monitoring import MonitoringSection, NodesSection
from efd_infra.manifests.measurements.catalogue import METRICS
from efd_infra.manifests.measurements.measurement import Writer
from efd_infra.manifests.telegraf_nodes import node_conf


def _settings() -> dict[str, Any]:
    return tomllib.loads(
        node_conf(
            MonitoringSection(),
            NodesSection().resources,
            influxdb_url="http://influxdb.influxdb:8086",
            credentials_dir="/etc/efd/influxdb",
        )
    )


def test_it_collects_what_the_catalogue_says_of_nodes() -> None:
    names = {m.name for m in METRICS if m.writer == Writer.NODES}
    assert set(_settings()["inputs"]) - {"internal"} == names


def test_nothing_is_collected_once_per_node_that_there_is_once() -> None:
    """The original's agents asked for the inventory of the cluster, each of them for all."""
    assert not {"kube_inventory", "kubernetes", "prometheus"} & set(_settings()["inputs"])


def test_a_node_is_known_by_its_name_and_not_by_its_pod() -> None:
    settings = _settings()
    assert settings["global_tags"] == {"node": "${NODE_NAME}"}
    assert settings["agent"]["omit_hostname"] is True


def test_a_node_is_few_series() -> None:
    inputs = _settings()["inputs"]
    (cpu,), (disk,), (diskio,) = inputs["cpu"], inputs["disk"], inputs["diskio"]
    assert cpu["percpu"] is False
    assert disk["mount_points"] == ["/"]
    assert "sd[a-z]" in diskio["devices"], "whole disks, no partitions"
    (output,) = _settings()["outputs"]["influxdb"]
    assert output["namedrop"] == ["internal_*"], "they are there for probes"
