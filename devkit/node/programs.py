"""The programs of a node that are no Go modules of ours: the container runtime and its helpers."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from devkit import debian
from devkit.errors import DevkitError
from devkit.images import sources
from devkit.lock import only_one
from devkit.progress import step

PACKAGES = ("containerd", "runc", "iptables", "ipset", "containernetworking-plugins")
"""Debian packages, taken apart in the cache and never installed: a host's own container engine, or
a service that starts by itself, is no business of ours."""

OF_THE_HOST = ("libc6", "netbase")
"""What every Debian has: two C libraries in one process do not go together."""

RUNTIME = ("containerd", "containerd-shim-runc-v2", "ctr", "runc")
PACKET_FILTER = ("iptables", "iptables-save", "iptables-restore")
SETS = ("ipset",)
"""Sets of addresses, which network policies become."""
NETWORK = ("bridge", "loopback", "host-local")
"""CNI plugins."""

REQUIRED = ("ip", "nsenter", "unshare", "mount")
"""Of every Linux distribution (iproute2, util-linux)."""

SYSTEM = ("/usr/sbin", "/sbin")
"""Folders that not every root has on its path."""

INSTALLED_NETWORK = (Path("/opt/cni/bin"), Path("/usr/lib/cni"))
"""Where distributions and administrators put CNI plugins."""


@dataclass(frozen=True)
class Programs:
    """Folders of programs, and the environment they need."""

    folders: tuple[Path, ...]
    """Where the programs are: one folder, or the several of a distribution."""
    network: Path
    """Where the CNI plugins are."""
    libraries: Path | None = None
    """Where the libraries of taken-apart packages are; absent for installed programs."""

    def path(self, name: str) -> Path:
        """Find one program."""
        return next(folder / name for folder in self.folders if (folder / name).exists())

    def environ(self) -> dict[str, str]:
        """Environment of a process that runs these programs."""
        path = {"PATH": os.pathsep.join([*map(str, self.folders), os.defpath, *SYSTEM])}
        if not self.libraries:
            return path
        return path | {
            "LD_LIBRARY_PATH": str(self.libraries),
            "XTABLES_LIBDIR": str(self.libraries / "xtables"),
        }


def ensure(cache: Path) -> Programs:
    """Find the programs, or take them from Debian's packages into `cache`."""
    if missing := [name for name in REQUIRED if not shutil.which(name)]:
        raise DevkitError(
            f"a real node needs {', '.join(missing)}", "Debian: apt install iproute2 util-linux"
        )
    return _installed() or _unpacked(cache / "debian")


def _installed() -> Programs | None:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *SYSTEM])
    found = [shutil.which(name, path=path) for name in (*RUNTIME, *PACKET_FILTER, *SETS)]
    folders = tuple(dict.fromkeys(Path(each).parent for each in found if each))
    for network in INSTALLED_NETWORK:
        if all(found) and all((network / name).exists() for name in NETWORK):
            return Programs(folders, network)
    return None


def _unpacked(folder: Path) -> Programs:
    parts = (Path(__file__), Path(debian.__file__))
    root = folder / sources.digest(debian.release(), *PACKAGES, files=parts)
    if not root.exists():
        with only_one(folder / "lock", "fetching the container runtime"):
            if not root.exists():
                _unpack(folder / "partial", root)
    programs = root / "usr"
    libraries = next(programs.glob("lib/*-linux-gnu*"))
    folders = tuple(programs / name for name in ("local/bin", "bin", "sbin"))
    return Programs(folders, programs / "lib" / "cni", libraries)


def _unpack(draft: Path, root: Path) -> None:
    if not shutil.which("apt-get"):
        raise DevkitError(
            f"a real node needs {', '.join(RUNTIME)}, iptables, ipset and CNI plugins",
            "install your distribution's packages of them, or use Debian, whose are taken apart",
        )
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    with step("fetching the container runtime"):
        debian.unpack(PACKAGES, draft, beside=OF_THE_HOST)
    names = draft / "usr" / "local" / "bin"
    names.mkdir(parents=True)
    for name in PACKET_FILTER:
        # Debian chooses between two generations when it installs; the newer is in every kernel.
        (names / name).symlink_to("../../sbin/xtables-nft-multi")
    draft.replace(root)
