"""Command lines of the embedded cluster."""

import re
from pathlib import Path

from devkit.control_plane import ControlPlane
from devkit.ports import Ports

PLANE = ControlPlane(Path("/tools"), Path("/home/cluster"), Ports(1, 2, 3))
COMMANDS = (PLANE.etcd, PLANE.apiserver, PLANE.controller_manager, PLANE.scheduler, PLANE.kwok)


def test_everything_listens_on_loopback_only() -> None:
    text = " ".join(flag for command in COMMANDS for flag in command())
    addresses = re.findall(r"https?://([^:\s]+):\d+", text)
    addresses += re.findall(r"--(?:bind|advertise)-address=(\S+)", text)
    assert len(addresses) >= 7
    assert set(addresses) == {"127.0.0.1"}
    assert "--bind-address=127.0.0.1" in PLANE.apiserver()


def test_programs_without_need_of_a_port_have_none() -> None:
    for command in (PLANE.controller_manager, PLANE.scheduler):
        assert "--secure-port=0" in command()


def test_etcd_asks_every_client_for_a_certificate() -> None:
    assert {"--client-cert-auth", "--peer-client-cert-auth"} <= set(PLANE.etcd()), (
        "it holds every Secret, and other users of the machine reach loopback too"
    )


def test_no_program_makes_a_folder_outside_the_cluster_s() -> None:
    assert "--flex-volume-plugin-dir=/home/cluster/plugins" in PLANE.controller_manager(), (
        "by default it is below /usr"
    )
