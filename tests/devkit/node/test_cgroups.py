"""Control groups, here in folders that play the kernel's."""

import signal
import subprocess
from pathlib import Path

import pytest

from devkit.errors import DevkitError
from devkit.node import cgroups

ENCLOSURE = Path("/home/.devkit-real/enclosure")


@pytest.fixture
def mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cgroups, "MOUNT", tmp_path)
    return tmp_path


def version_2(group: Path, controllers: str) -> None:
    group.mkdir(exist_ok=True, parents=True)
    (group / "cgroup.controllers").write_text(controllers)
    (group / "cgroup.subtree_control").write_text("")


def test_each_enclosure_has_a_group_of_its_own() -> None:
    other = cgroups.root(Path("/elsewhere/.devkit-real/enclosure"))
    assert cgroups.root(ENCLOSURE) == cgroups.root(ENCLOSURE) != other


def test_on_version_2_children_get_every_controller(mount: Path) -> None:
    root = mount / cgroups.root(ENCLOSURE)
    for group in (mount, root, root / "e2e-summit"):
        version_2(group, "cpu memory pids")
        (group / "cpuset.cpus").write_text("")
    (mount / "cpuset.cpus").unlink()  # the root has none
    assert cgroups.hierarchies() == [mount]
    assert cgroups.ensure(ENCLOSURE, "e2e-summit") == f"/{root.name}/e2e-summit"
    for parent in (mount, root):
        assert (parent / "cgroup.subtree_control").read_text() == "+cpu +memory +pids"
    leaf = root / "e2e-summit" / "cgroup.subtree_control"
    assert leaf.read_text() == "", "kubelet's to say"


def test_on_version_2_what_was_handed_down_is_not_again(mount: Path) -> None:
    root = mount / cgroups.root(ENCLOSURE)
    for group in (mount, root, root / "e2e-summit"):
        version_2(group, "cpu memory")
    (mount / "cgroup.subtree_control").write_text("memory cpu")
    cgroups.ensure(ENCLOSURE, "e2e-summit")
    assert (mount / "cgroup.subtree_control").read_text() == "memory cpu"


def test_a_group_that_may_not_hand_down_is_one_clear_error(
    mount: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = mount / cgroups.root(ENCLOSURE)
    for group in (mount, root, root / "e2e-summit"):
        version_2(group, "cpu")

    def refuse(_path: Path, _text: str) -> int:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(DevkitError, match="gives its children nothing: Device or resource busy"):
        cgroups.ensure(ENCLOSURE, "e2e-summit")


def test_on_version_1_every_hierarchy_gets_one_and_a_cpuset_is_filled(mount: Path) -> None:
    for name in ("memory", "cpuset"):
        (mount / name).mkdir()
    (mount / "cpu").symlink_to("memory")
    root = cgroups.root(ENCLOSURE)
    (mount / "cpuset" / "cpuset.cpus").write_text("0-1\n")
    for group in (root, f"{root}/e2e-summit"):
        (mount / "cpuset" / group).mkdir()
        (mount / "cpuset" / group / "cpuset.cpus").write_text("\n")
    cgroups.ensure(ENCLOSURE, "e2e-summit")
    assert (mount / "memory" / root / "e2e-summit").is_dir()
    leaf = mount / "cpuset" / root / "e2e-summit" / "cpuset.cpus"
    assert leaf.read_text() == "0-1\n", "no process may enter an empty one"


def test_removing_takes_what_is_below_and_leaves_others(mount: Path) -> None:
    for name in ("memory", "pids"):
        (mount / name / "other").mkdir(parents=True)
    cgroups.ensure(ENCLOSURE, "e2e-summit")
    (mount / "memory" / cgroups.root(ENCLOSURE) / "e2e-summit" / "kubepods" / "pod").mkdir(
        parents=True
    )
    assert cgroups.remove(ENCLOSURE)
    assert not cgroups.remove(ENCLOSURE)
    assert sorted(path.name for path in mount.glob("*/*")) == ["other", "other"]


def test_what_still_runs_in_a_site_s_group_is_ended(mount: Path) -> None:
    site = mount / "memory" / cgroups.root(ENCLOSURE) / "e2e-summit"
    ours, other = (subprocess.Popen(["sleep", "60"]) for _ in range(2))  # noqa: S607 -- any
    for group, process in ((site / "pod", ours), (site.with_name("e2e-ldf"), other)):
        group.mkdir(parents=True)
        (group / "cgroup.procs").write_text(f"{process.pid}\n")
    cgroups.end(ENCLOSURE, "e2e-summit")
    assert ours.wait() == -signal.SIGKILL
    assert other.poll() is None
    other.kill()
    other.wait()
