"""Where a node's container runtime comes from."""

import os
import subprocess
from pathlib import Path

import pytest

from devkit import debian
from devkit.errors import DevkitError
from devkit.node import programs
from devkit.node.programs import NETWORK, PACKET_FILTER, REQUIRED, RUNTIME, SETS, Programs


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has what every Linux has, and nothing else."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(programs, "SYSTEM", (str(tmp_path / "sbin"),))
    monkeypatch.setattr(programs, "INSTALLED_NETWORK", (tmp_path / "cni",))
    install(tmp_path / "bin", REQUIRED)
    return tmp_path


def install(folder: Path, names: tuple[str, ...]) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)


def test_installed_programs_are_used_wherever_they_are(machine: Path) -> None:
    install(machine / "bin", tuple(name for name in RUNTIME if name != "runc"))
    install(machine / "sbin", ("runc", *PACKET_FILTER, *SETS))
    install(machine / "cni", NETWORK)
    found = programs.ensure(machine / "cache")
    assert found.path("containerd") == machine / "bin" / "containerd"
    assert found.path("runc") == machine / "sbin" / "runc"
    assert found.network == machine / "cni"
    assert "LD_LIBRARY_PATH" not in found.environ()
    path = found.environ()["PATH"].split(os.pathsep)
    assert {str(machine / "bin"), str(machine / "sbin")} <= set(path)
    assert not (machine / "cache").exists()


def test_with_one_missing_none_of_the_installed_is_used(machine: Path) -> None:
    install(machine / "bin", (*RUNTIME, *PACKET_FILTER, *SETS))
    install(machine / "cni", NETWORK[1:])
    with pytest.raises(DevkitError, match="iptables, ipset and CNI plugins"):
        programs.ensure(machine / "cache")


def test_where_nothing_is_to_be_had_it_says_what_is_needed(machine: Path) -> None:
    with pytest.raises(DevkitError) as refusal:
        programs.ensure(machine / "cache")
    assert "install your distribution's packages" in refusal.value.todo


def test_without_namespace_programs_it_names_them_and_their_packages(machine: Path) -> None:
    (machine / "bin" / "nsenter").unlink()
    with pytest.raises(DevkitError, match="a real node needs nsenter") as refusal:
        programs.ensure(machine / "cache")
    assert "apt install iproute2 util-linux" in refusal.value.todo


def test_what_apt_says_is_passed_on(machine: Path) -> None:
    install(machine / "bin", ("touch", "dpkg", "apt-get"))
    (machine / "bin" / "apt-get").write_text(
        "#!/bin/sh\necho noise >&2; echo 'E: no containerd' >&2; exit 100\n"
    )
    with pytest.raises(DevkitError, match="apt-get failed: E: no containerd"):
        programs.ensure(machine / "cache")
    made = {path.name for path in (machine / "cache" / "debian").iterdir()}
    assert made == {"lock", "partial"}, "nothing half done"


def test_packages_are_taken_apart_once(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(machine / "bin", ("apt-get",))
    taken: list[Path] = []

    def unpack(names: tuple[str, ...], root: Path, *, beside: tuple[str, ...]) -> None:
        assert set(names) >= {"containerd", "runc", "iptables", "ipset"}
        assert "libc6" in beside, "the host's own C library is the only one"
        for folder in ("usr/bin", "usr/sbin", "usr/lib/x86_64-linux-gnu"):
            (root / folder).mkdir(parents=True)
        install(root / "usr/bin", tuple(name for name in RUNTIME if name != "runc"))
        install(root / "usr/sbin", ("runc", "ipset", "xtables-nft-multi"))
        taken.append(root)

    monkeypatch.setattr(debian, "unpack", unpack)
    found = programs.ensure(machine / "cache")
    assert programs.ensure(machine / "cache") == found
    assert len(taken) == 1
    for name in (*RUNTIME, *PACKET_FILTER, *SETS):
        subprocess.run([found.path(name)], check=True)  # noqa: S603 - made above
    assert found.environ()["LD_LIBRARY_PATH"].endswith("usr/lib/x86_64-linux-gnu")
    assert not (machine / "cache" / "debian" / "partial").exists()


def test_installed_programs_bring_no_libraries(tmp_path: Path) -> None:
    assert set(Programs((tmp_path,), tmp_path).environ()) == {"PATH"}
