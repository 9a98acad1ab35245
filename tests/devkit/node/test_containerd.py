"""The container runtime's settings."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from devkit.node.containerd import Containerd
from devkit.node.programs import Programs

RUN = Path("/run/efd/e2e-summit")


@pytest.fixture
def containerd(tmp_path: Path) -> Containerd:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("containerd", "runc"):
        (programs / name).touch()
    folder = tmp_path / "of a site"
    return Containerd(Programs((programs,), Path("/cni")), folder, RUN, "efd.test/pause:1")


@pytest.fixture
def settings(containerd: Containerd) -> dict[str, Any]:
    return tomllib.loads(containerd.toml())


def cri(settings: dict[str, Any]) -> dict[str, Any]:
    section: dict[str, Any] = settings["plugins"]["io.containerd.grpc.v1.cri"]
    return section


def test_everything_that_it_makes_is_its_own(
    containerd: Containerd, settings: dict[str, Any]
) -> None:
    assert Path(settings["root"]).parent == containerd.folder
    opt = settings["plugins"]["io.containerd.internal.v1.opt"]["path"]
    assert Path(opt).parent == containerd.folder, "by default it is /opt/containerd"
    assert Path(settings["state"]).parent == RUN
    assert settings["grpc"] == {"address": str(RUN / "containerd.sock")}


def test_no_socket_s_path_is_longer_than_the_kernel_takes(containerd: Containerd) -> None:
    longest = Path("/run/efd") / ("s" * 40)
    assert len(str(longest / containerd.socket.name)) < 108


def test_sandboxes_are_of_our_image_and_lower_no_score(settings: dict[str, Any]) -> None:
    assert cri(settings)["sandbox_image"] == "efd.test/pause:1"
    assert cri(settings)["restrict_oom_score_adj"] is True
    assert cri(settings)["disable_apparmor"] is True, "profiles belong to the whole machine"
    assert cri(settings)["stream_server_address"] == "127.0.0.1"


def test_it_runs_our_runc_and_our_network(containerd: Containerd, settings: dict[str, Any]) -> None:
    runc = cri(settings)["containerd"]["runtimes"]["runc"]["options"]
    assert runc["BinaryName"] == str(containerd.programs.path("runc"))
    assert cri(settings)["cni"] == {"bin_dir": "/cni", "conf_dir": str(containerd.network)}
    assert containerd.argv()[0] == str(containerd.programs.path("containerd"))


def test_what_is_written_is_read(tmp_path: Path, containerd: Containerd) -> None:
    here = Containerd(containerd.programs, tmp_path / "folder", tmp_path / "run", "pause")
    here.write()
    assert tomllib.loads(here.config.read_text())["version"] == 2
    assert here.run.is_dir()
