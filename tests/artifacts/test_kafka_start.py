"""The script that starts a Kafka node: what it makes of a pod's ordinal."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from efd_infra.artifacts import read_artifact

_JAVA = """#!/bin/sh
echo "${JDK_JAVA_OPTIONS:-none} $*" >>"$CALLS"
"""
_LISTENERS = """\
INTERNAL 9092 kafka-{broker}.headless 9092 0
EXTERNAL 19092 broker-{broker}.example.org 31090 1
"""


@dataclass(frozen=True)
class Node:
    """What one start left behind."""

    settings: dict[str, str]
    calls: list[str]


def _start(folder: Path, node: int, cluster_id: str = "bi1pcFrLTvSFXgYtQOxLbg") -> Node:
    _run(folder, node, cluster_id).check_returncode()
    lines = (folder / "node.properties").read_text().splitlines()
    return Node(dict(x.split("=", 1) for x in lines), (folder / "calls").read_text().splitlines())


def _run(folder: Path, node: int, cluster_id: str) -> subprocess.CompletedProcess[str]:
    script = folder / "start.sh"
    script.write_text(read_artifact("kafka/start.sh").replace("/tmp/", f"{folder}/"))  # noqa: S108
    (folder / "listeners").write_text(_LISTENERS)
    for file, text in {
        "server.properties": "shared=yes\n",
        "controller.properties": "voters.only=yes\n",
    }.items():
        (folder / file).write_text(text)
        (folder / file).chmod(0o444)  # as a ConfigMap's files are
    (folder / "username").write_text("broker-3")
    for user in ("broker-2", "broker-3", "broker-4"):
        (folder / user).write_text(f"of-{user}")
    java = folder / "java"
    java.write_text(_JAVA)
    java.chmod(0o755)
    return subprocess.run(  # noqa: S603 -- the artifact under test
        ["/bin/sh", str(script), "-Xmx1m", "-Dname=with space"],
        env={
            "PATH": f"{folder}:/usr/bin:/bin",
            "CALLS": str(folder / "calls"),
            "CLUSTER_ID": cluster_id,
            "CONTROLLERS": "3",
            "CONTROLLER_PORT": "9093",
            "FORMAT_DIR": str(folder / "format"),
            "LATCH": str(folder / "latch"),
            "JDK_JAVA_OPTIONS": "@agent",
            "KAFKA_LIBS": "/libs",
            "LOGIN_DIR": str(folder),
            "POD_NAME": f"cp-helm-charts-cp-kafka-{node}",
            "SETTINGS_DIR": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("node", [0, 2])
def test_the_first_three_nodes_vote(tmp_path: Path, node: int) -> None:
    settings = _start(tmp_path, node).settings
    assert settings["process.roles"] == "broker,controller"
    assert settings["listeners"].endswith(",CONTROLLER://:9093")
    assert settings["voters.only"] == "yes"


@pytest.mark.parametrize("node", [3, 10])
def test_further_nodes_are_brokers_alone(tmp_path: Path, node: int) -> None:
    settings = _start(tmp_path, node).settings
    assert settings["process.roles"] == "broker"
    assert settings["listeners"] == "INTERNAL://:9092,EXTERNAL://:19092"
    assert "voters.only" not in settings


def test_a_node_advertises_its_own_name_and_its_own_port(tmp_path: Path) -> None:
    settings = _start(tmp_path, 4).settings
    assert settings["node.id"] == "4"
    assert settings["advertised.listeners"] == (
        "INTERNAL://kafka-4.headless:9092,EXTERNAL://broker-4.example.org:31094"
    )


def test_the_settings_can_be_written_by_an_unprivileged_user(tmp_path: Path) -> None:
    """A copy of a read-only file is read-only too; root alone would not notice."""
    _start(tmp_path, 0)
    assert (tmp_path / "node.properties").stat().st_mode & 0o200


@pytest.mark.parametrize("listener", ["controller", "replication"])
def test_brokers_log_in_as_their_generation_and_take_its_neighbours(
    tmp_path: Path, listener: str
) -> None:
    """While they restart one by one, some are a generation ahead of the others."""
    settings = _start(tmp_path, 0).settings
    assert settings[f"listener.name.{listener}.plain.sasl.jaas.config"] == (
        "org.apache.kafka.common.security.plain.PlainLoginModule required "
        'username="broker-3" password="of-broker-3" user_broker-2="of-broker-2" '
        'user_broker-3="of-broker-3" user_broker-4="of-broker-4";'
    )


def test_nobody_else_reads_the_settings_which_hold_passwords(tmp_path: Path) -> None:
    _start(tmp_path, 0)
    assert (tmp_path / "node.properties").stat().st_mode & 0o777 == 0o600


def test_what_all_nodes_share_is_kept(tmp_path: Path) -> None:
    assert _start(tmp_path, 1).settings["shared"] == "yes"


def test_the_store_is_formatted_before_the_server_starts(tmp_path: Path) -> None:
    formatting, server = _start(tmp_path, 0).calls
    assert "kafka.tools.StorageTool format" in formatting
    assert "--ignore-formatted" in formatting, "a second start must keep what is there"
    assert server.endswith(f"kafka.Kafka {tmp_path}/node.properties")


def test_only_the_server_loads_the_metrics_agent(tmp_path: Path) -> None:
    """Two processes cannot both have its port."""
    formatting, server = _start(tmp_path, 0).calls
    assert formatting.startswith("none ")
    assert server.startswith("@agent -Xmx1m -Dname=with space ")


def test_a_cluster_id_may_begin_like_an_option(tmp_path: Path) -> None:
    """One in 64 does."""
    formatting, _ = _start(tmp_path, 0, "-i1pcFrLTvSFXgYtQOxLbg").calls
    assert "--cluster-id=-i1pcFrLTvSFXgYtQOxLbg" in formatting


def test_min_in_sync_replicas_follow_the_file(tmp_path: Path) -> None:
    """With eligible leader replicas a cluster remembers the first value that it was given."""
    formatting, _ = _start(tmp_path, 0).calls
    assert "--feature eligible.leader.replicas.version=0" in formatting


def test_a_start_forgets_that_the_broker_was_in_sync(tmp_path: Path) -> None:
    """The scratch volume outlives a container that restarts."""
    (tmp_path / "latch").touch()
    _start(tmp_path, 0)
    assert not (tmp_path / "latch").exists()


def test_a_new_store_is_made_for_the_image_s_release_unless_the_site_says_another(
    tmp_path: Path,
) -> None:
    formatting, _ = _start(tmp_path, 0).calls
    assert "--release-version" not in formatting
    (tmp_path / "format").mkdir()
    (tmp_path / "format" / "release").write_text("4.2")
    assert "--release-version=4.2" in _start(tmp_path, 0).calls[-2]
