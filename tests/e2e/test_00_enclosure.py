"""The namespaces of real nodes: what is done in them is not done outside, and ends with them.

Each test makes its own, beside or inside those in which the test stand runs.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.daemon import started
from devkit.node import cgroups, enclosure
from devkit.node.enclosure import Enclosure
from devkit.patience import wait_until
from tests.e2e.inside import CONNECT, inside, python, said

pytestmark = pytest.mark.e2e

SETTINGS = [
    *(Path("/proc/sys") / name for name in enclosure.KERNEL_SETTINGS),
    Path("/proc/sys/net/ipv4/ip_forward"),
    Path("/proc/sys/net/ipv4/conf/all/forwarding"),
]
FOLDERS = ("/var/lib", "/var/log", "/run", "/opt", "/usr/libexec", "/etc")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Enclosure]:
    """An enclosure that is not made yet, in a folder with a space in its name."""
    if reason := enclosure.why_not():
        pytest.skip(f"no real node: {reason}")
    each = Enclosure(tmp_path / "of a test")
    yield each
    each.release()


def outside() -> dict[str, object]:
    """Return what of this machine a node could change."""
    return {
        "devices": said("ip", "-brief", "link"),
        "addresses": said("ip", "-brief", "address"),
        "routes": said("ip", "route", "show", "table", "all"),
        "mounts": Path("/proc/self/mountinfo").read_text(),
        "settings": {str(path): path.read_text() for path in SETTINGS},
        "folders": {
            folder: sorted(path.name for path in Path(folder).iterdir()) for folder in FOLDERS
        },
        "hosts": enclosure.HOSTS.read_text(),
    }


def groups(place: Enclosure) -> list[Path]:
    paths = [each / cgroups.root(place.folder) for each in cgroups.hierarchies()]
    return [path for path in paths if path.exists()]


def sleeper(place: Enclosure) -> int:
    """Start a process inside that outlives its starter; its id outside."""
    token = f"{86400 + os.getpid()}.{place.holder.pid()}"
    inside(place, "sh", "-c", f"setsid sleep {token} >/dev/null 2>&1 &")

    def found() -> list[int]:
        wanted = f"sleep\0{token}\0"
        ids = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        return [each for each in ids if command(each) == wanted]

    assert wait_until(lambda: bool(found()), 5)
    return found()[0]


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_gone(pid: int) -> bool:
    return wait_until(lambda: started(pid) is None, 5)


def test_what_a_node_changes_is_changed_inside_only(place: Enclosure) -> None:
    before = outside()
    place.ensure()
    python(place, CONNECT, "one", "other")
    cgroups.ensure(place.folder, "one")
    inside(
        place,
        "sh",
        "-ec",
        "echo 10 >/proc/sys/kernel/panic; echo 1 >/proc/sys/net/ipv4/ip_forward;"
        "mkdir /var/lib/kubelet/pods /run/containerd; touch /var/log/containers/a.log;"
        "mount -t tmpfs tmpfs /mnt",
    )
    assert "lan" in inside(place, "ip", "-brief", "link")
    assert "one.test" in inside(place, "cat", "/etc/hosts")
    assert groups(place)
    assert outside() == before, "while it is there"
    assert place.release()
    assert outside() == before, "afterwards"
    assert groups(place) == []


def test_kubelet_finds_the_kernel_as_it_wants_it(place: Enclosure) -> None:
    place.ensure()
    for name, value in enclosure.KERNEL_SETTINGS.items():
        assert inside(place, "cat", f"/proc/sys/{name}").strip() == str(value)


def test_the_host_s_folders_are_there_and_those_of_a_node_are_empty(place: Enclosure) -> None:
    place.ensure()
    for parent, own in enclosure.LAID_OVER.items():
        listed = set(inside(place, "ls", "-A", parent).split("\n"))
        host = {path.name for path in Path(parent).iterdir() if path.is_dir() or path.is_file()}
        assert host | set(own) <= listed
        for name in own:
            assert inside(place, "ls", "-A", f"{parent}/{name}") == ""


def test_nothing_leads_out(place: Enclosure) -> None:
    place.ensure()
    assert inside(place, "ip", "route") == ""
    assert inside(place, "ip", "-brief", "link").split()[0] == "lo"


def test_a_program_runs_inside_in_the_same_folder_with_its_own_exit_code(place: Enclosure) -> None:
    place.ensure()
    assert inside(place, "pwd").strip() == str(Path.cwd())
    assert place.run(["sh", "-c", "exit 7"]) == 7
    assert python(place, "from devkit.node import enclosure; print(enclosure.here())").strip() == (
        str(place.folder)
    )


def test_what_runs_inside_ends_with_it(place: Enclosure) -> None:
    place.ensure()
    pid = sleeper(place)
    assert place.release()
    assert is_gone(pid)
    assert not place.is_there()
    assert not place.release(), "there is nothing left"


@pytest.mark.parametrize("who", ["holder", "process 1"])
def test_a_killed_enclosure_leaves_nothing_and_is_made_again(place: Enclosure, who: str) -> None:
    place.ensure()
    cgroups.ensure(place.folder, "one")
    pid, holder = sleeper(place), place.holder.pid()
    assert holder
    first = int(Path(f"/proc/{holder}/task/{holder}/children").read_text())
    os.kill(holder if who == "holder" else first, signal.SIGKILL)
    assert is_gone(pid)
    assert is_gone(first)
    assert is_gone(holder)
    assert not place.is_there()
    assert groups(place), "groups are all that is left"
    assert place.release()
    assert groups(place) == []
    place.ensure()
    assert place.run(["true"]) == 0


def test_one_whose_making_was_killed_is_made_anew(place: Enclosure) -> None:
    place.ensure()
    inside(place, "rm", str(enclosure.HERE))  # as before its last step
    half = place.holder.pid()
    assert half
    assert not place.is_there()
    place.ensure()
    assert is_gone(half)
    assert place.is_there()


def test_making_it_twice_makes_it_once(place: Enclosure) -> None:
    place.ensure()
    pid = sleeper(place)
    place.ensure()
    assert started(pid)


def test_two_do_not_disturb_each_other(place: Enclosure, tmp_path: Path) -> None:
    second = Enclosure(tmp_path / "second")
    try:
        place.ensure()
        second.ensure()
        for each in (place, second):
            python(each, CONNECT, "one")
            cgroups.ensure(each.folder, "one")
        pid = sleeper(second)
        assert place.release()
        assert started(pid)
        assert groups(second)
        assert second.run(["true"]) == 0
        assert "node-1" in inside(second, "ip", "-brief", "link")
    finally:
        second.release()
