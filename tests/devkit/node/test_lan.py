"""Where nodes are: numbers, addresses, ranges."""

from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.node import enclosure, lan
from devkit.node.lan import Address


def test_a_site_keeps_its_number(tmp_path: Path) -> None:
    first, second = lan.address(tmp_path, "e2e-summit"), lan.address(tmp_path, "e2e-ldf")
    assert (first.number, second.number) == (1, 2)
    assert lan.address(tmp_path, "e2e-summit") == first


def test_no_two_ranges_overlap() -> None:
    nodes = [Address(str(number), number) for number in (1, 2, 3)]
    ranges = [ip_network(each) for node in nodes for each in (node.pods, node.services)]
    ranges.append(ip_network(f"{lan.OUTSIDE}/24", strict=False))
    assert [(a, b) for a in ranges for b in ranges if a is not b and a.overlaps(b)] == []


def test_a_node_and_the_outside_world_share_a_bridge() -> None:
    at = Address("e2e-summit", 1)
    bridge = ip_network(f"{lan.OUTSIDE}/24", strict=False)
    assert ip_address(at.node) in bridge
    assert at.node != lan.OUTSIDE


def test_a_command_runs_in_the_node_s_namespace() -> None:
    argv = Address("e2e-summit", 1).on_node(["ip", "route"])
    assert argv == ["nsenter", "--net=/run/netns/e2e-summit", "--", "ip", "route"]


def test_no_network_is_made_outside_an_enclosure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enclosure, "HERE", tmp_path / "none")
    hosts = tmp_path / "hosts"
    monkeypatch.setattr(lan, "HOSTS", hosts)
    with pytest.raises(DevkitError, match="namespaces of their own"):
        lan.connect(Address("e2e-summit", 1), ["kafka.test"])
    assert not hosts.exists()


def test_names_of_an_address_are_replaced_and_go_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost\n")
    monkeypatch.setattr(lan, "HOSTS", hosts)
    lan.announce("10.222.0.11", ["one", "kafka.one.test"])
    lan.announce("10.222.0.1", ["two"])
    lan.announce("10.222.0.11", ["one"])
    assert hosts.read_text() == "127.0.0.1 localhost\n10.222.0.1 two\n10.222.0.11 one\n"
    lan.announce("10.222.0.11", [])
    assert hosts.read_text() == "127.0.0.1 localhost\n10.222.0.1 two\n"
