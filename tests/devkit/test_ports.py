"""Ports on loopback."""

import socket
from pathlib import Path

import pytest

from devkit import ports


def test_ports_stay_the_same_from_run_to_run(tmp_path: Path) -> None:
    noted = tmp_path / "ports.json"
    assert ports.choose(noted) == ports.choose(noted) == ports.noted(noted)


def test_a_port_that_another_program_took_is_replaced_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noted = tmp_path / "ports.json"
    before = ports.choose(noted)
    with socket.socket() as other:
        other.bind((ports.LOOPBACK, before.api))
        other.listen()
        after = ports.choose(noted)
    assert after.api != before.api
    assert after.etcd == before.etcd, "the others have no reason to change"
    assert f"port {before.api} is in use" in capsys.readouterr().out


def test_two_clusters_get_different_ports(tmp_path: Path) -> None:
    first, second = (ports.choose(tmp_path / name) for name in ("a", "b"))
    assert len({first.api, first.etcd, first.etcd_peer}) == 3
    assert first != second
