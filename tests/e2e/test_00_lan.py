"""The network of real nodes, in namespaces of each test's own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.node import enclosure, lan
from devkit.node.enclosure import Enclosure
from devkit.patience import wait_until
from tests.e2e.inside import CONNECT, inside, python

pytestmark = pytest.mark.e2e

ONE, OTHER = lan.Address("one", 1), lan.Address("other", 2)

ECHO = """
import socket
with socket.create_server(("", 7)) as server:
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(client.recv(100))
"""
ASK = """
import socket, sys
with socket.create_connection((sys.argv[1], 7), timeout=1) as server:
    server.sendall(b"there")
    print(server.recv(100).decode())
"""
CUT = """
import subprocess, sys
from devkit.node import enclosure, lan
with lan.cut(lan.Address("one", 1), lan.Address("other", 2)):
    sys.exit(subprocess.call(sys.argv[1:]))
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Enclosure]:
    """An enclosure that is not made yet, in a folder with a space in its name."""
    if reason := enclosure.why_not():
        pytest.skip(f"no real node: {reason}")
    each = Enclosure(tmp_path / "of a test")
    yield each
    each.release()


def test_a_cut_network_lets_nothing_through_until_it_is_mended(place: Enclosure) -> None:
    place.ensure()
    python(place, CONNECT, "one", "other")
    python(place, CONNECT, "one", "other")  # a second time changes nothing
    server = [sys.executable, "-c", ECHO]
    ask = ONE.on_node([sys.executable, "-c", ASK, OTHER.node])
    with subprocess.Popen([*place.entry(), *OTHER.on_node(server)]):  # noqa: S603 - ours
        try:
            assert wait_until(lambda: place.run(ask) == 0, 10, 0.2)
            assert inside(place, *ask) == "there\n"
            assert inside(place, sys.executable, "-c", ASK, OTHER.node) == "there\n", "from outside"
            assert place.run([sys.executable, "-c", CUT, *ask]) != 0
            assert inside(place, *ask) == "there\n"
        finally:
            place.release()  # ends the server, for which this would wait


def test_a_node_s_network_whose_making_was_killed_is_made_anew(place: Enclosure) -> None:
    place.ensure()
    python(place, CONNECT, "one", "other")
    inside(place, "rm", str(lan.CONNECTED / "one"))
    inside(place, "ip", "route", "delete", ONE.services)
    python(place, CONNECT, "one", "other")
    assert f"{ONE.services} via {ONE.node}" in inside(place, "ip", "route")
