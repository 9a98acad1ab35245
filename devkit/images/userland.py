"""The lowest layer of every image: a C library, a shell and its tools, users, a place for files."""

import shutil
from pathlib import Path

from devkit import debian
from devkit.images.layer import Layer
from devkit.program import run
from devkit.progress import step

PACKAGES = ("libc6", "busybox-static")
SHELL = "dash"
"""Unpacked without the packages that it names: what they have is in busybox."""

USERS = {"root": 0, "curl_user": 100, "telegraf": 999, "appuser": 1000, "kafka": 1001}
"""Names for the numbers that pods run as; InfluxDB's pod shares Telegraf's."""


def made_with(*files: Path) -> tuple[Path, ...]:
    """Return the sources of a layer of Debian packages, with its own `files`."""
    return (Path(debian.__file__), *files)


def _fill(root: Path, _cache: Path) -> None:
    with step("unpacking the base of all images"):
        debian.unpack(PACKAGES, root)
        _link_tools(root / "usr" / "bin")
        _shell(root)
        _certificates(root)
    _accounts(root / "etc")
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    for folder in ("dev", "proc", "sys", "run", "root", "home", "var/lib", "var/log"):
        (root / folder).mkdir(parents=True, exist_ok=True)


def _link_tools(folder: Path) -> None:
    """Give every tool inside busybox its name: sed, awk, find, sha256sum and others."""
    # But for wget, which ends with a segmentation fault where it is given a time limit.
    listed = run([folder / "busybox", "--list"], package="busybox-static")
    for tool in set(listed.split()) - {"wget"}:
        link = folder / tool
        if not link.exists() and not link.is_symlink():
            link.symlink_to("busybox")


def _shell(root: Path) -> None:
    """Put Debian's own shell in the place of busybox's, which runs its own tools before others."""
    unpacked = root / "shell"
    debian.unpack_alone(SHELL, unpacked)
    (unpacked / "bin" / SHELL).replace(root / "usr" / "bin" / SHELL)
    (root / "usr" / "bin" / "sh").unlink()
    (root / "usr" / "bin" / "sh").symlink_to(SHELL)
    shutil.rmtree(unpacked)


def _certificates(root: Path) -> None:
    """Join the certificate authorities into one file, as the package's script would."""
    unpacked = root / "authorities"
    debian.unpack_alone("ca-certificates", unpacked)
    found = sorted((unpacked / "usr" / "share" / "ca-certificates").rglob("*.crt"))
    bundle = root / "etc" / "ssl" / "certs" / "ca-certificates.crt"
    bundle.parent.mkdir(parents=True)
    bundle.write_text("".join(path.read_text() for path in found))
    shutil.rmtree(unpacked)


def _accounts(etc: Path) -> None:
    etc.mkdir(exist_ok=True)
    users = [f"{name}:x:{number}:{number}::/tmp:/bin/sh\n" for name, number in USERS.items()]
    groups = [f"{name}:x:{number}:\n" for name, number in USERS.items()]
    (etc / "passwd").write_text("".join(users))
    (etc / "group").write_text("".join(groups))
    (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n")


USERLAND = Layer("userland", (debian.release(), SHELL, *PACKAGES), made_with(Path(__file__)), _fill)
