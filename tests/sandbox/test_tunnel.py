"""Ways into a cluster, with a program in the place of kubectl."""

import socket
import sys
from pathlib import Path

import pytest

from devkit.patience import wait_until
from sandbox.errors import SandboxError
from sandbox.tunnel import forwarded, resolved


def test_names_that_only_a_cluster_knows_lead_where_they_are_told_to() -> None:
    plain = socket.getaddrinfo
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = server.getsockname()
        with resolved({("kafka-0.headless", 9092): there}):
            with socket.create_connection(("kafka-0.headless", 9092), timeout=5) as client:
                assert client.getpeername() == there
            with socket.create_connection(there, timeout=5) as client:
                assert client.getpeername() == there, "others are found as ever"
    assert socket.getaddrinfo is plain


def test_afterwards_names_are_found_as_before_whatever_happened() -> None:
    plain = socket.getaddrinfo
    with pytest.raises(KeyError), resolved({}):
        raise KeyError
    assert socket.getaddrinfo is plain


def _kubectl(folder: Path, body: str) -> list[str]:
    script = folder / "kubectl.py"
    script.write_text(f"import os, sys, time\n{body}\n")
    return [sys.executable, str(script)]


def test_a_way_is_open_while_the_body_runs(tmp_path: Path) -> None:
    body = (
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n"
        f"open({str(tmp_path / 'argv')!r}, 'w').write(' '.join(sys.argv[1:]))\n"
        "print('Forwarding from 127.0.0.1:4711 -> 8086', flush=True)\n"
        "time.sleep(60)"
    )
    with forwarded(_kubectl(tmp_path, body), "influxdb", "service/influxdb", 8086) as place:
        assert place == ("127.0.0.1", 4711)
    asked = "port-forward --namespace=influxdb --address=127.0.0.1 service/influxdb :8086"
    assert (tmp_path / "argv").read_text() == asked
    gone = Path(f"/proc/{(tmp_path / 'pid').read_text()}")
    assert wait_until(lambda: not gone.exists(), 5)


def test_no_way_is_told_in_the_words_of_kubectl(tmp_path: Path) -> None:
    kubectl = _kubectl(tmp_path, "sys.exit('error: pods \"kafka-3\" not found')")
    with (
        pytest.raises(SandboxError, match=r"streaming, pod/kafka-3, port 9092: .*not found"),
        forwarded(kubectl, "streaming", "pod/kafka-3", 9092),
    ):
        raise AssertionError("there is a way")
