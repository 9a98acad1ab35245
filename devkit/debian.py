"""Debian packages, unpacked: no maintainer script runs, and no root is needed."""

import platform
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from devkit.errors import DevkitError
from devkit.program import run

_NETWORK = "an archive of Debian packages"
_UNREAD = ("doc", "doc-base", "man", "info", "locale", "lintian", "bug", "i18n", "perl")
_MERGED = ("bin", "sbin", "lib", "lib64")


def release() -> str:
    """Name the release that packages come from, which decides their versions."""
    return platform.freedesktop_os_release().get("VERSION_CODENAME", "unknown")


def unpack(
    names: Sequence[str], root: Path, *, beside: Sequence[str] = (), without: Sequence[str] = ()
) -> None:
    """Unpack packages with all that they depend on, but for what `beside` brings already.

    `without` are prefixes of package names whose programs nobody runs here.
    """
    debs = root / "debs"
    _fetch(names, debs)
    left_out = {_package(deb) for deb in _closure(beside, debs)}
    for deb in sorted(debs.glob("*.deb")):
        package = _package(deb.name)
        if package not in left_out and not package.startswith(tuple(without)):
            run(["dpkg", "-x", deb, root], package="dpkg")
    shutil.rmtree(debs)
    _merge(root)
    for folder in _UNREAD:
        shutil.rmtree(root / "usr" / "share" / folder, ignore_errors=True)


def _merge(root: Path) -> None:
    """Move /bin, /lib and the like into /usr, where packages of Debian 12 expect them to be."""
    for name in _MERGED:
        merged = root / "usr" / name
        merged.mkdir(parents=True, exist_ok=True)
        if (root / name).is_dir():
            shutil.copytree(root / name, merged, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(root / name)
        (root / name).symlink_to(f"usr/{name}")


def unpack_alone(name: str, root: Path) -> None:
    """Unpack one package without what it depends on."""
    debs = root / "debs"
    _fetch([name], debs)
    (deb,) = debs.glob(f"{name}_*.deb")
    run(["dpkg", "-x", deb, root], package="dpkg")
    shutil.rmtree(debs)


def _fetch(names: Sequence[str], debs: Path) -> None:
    """Let apt fetch packages; where the machine's lists are out of date, with lists of its own."""
    (debs / "partial").mkdir(parents=True)
    install = ["install", "--download-only", "--no-install-recommends", *names]
    try:
        _apt(install, debs)
    except DevkitError:
        lists = debs / "lists"
        (lists / "partial").mkdir(parents=True)
        own = ["-o", f"Dir::State::lists={lists}"]
        _apt([*own, "update"], debs)
        _apt([*own, *install], debs)


def _closure(names: Sequence[str], debs: Path) -> list[str]:
    if not names:
        return []
    empty = debs / "none"
    (empty / "partial").mkdir(parents=True)
    listed = _apt(["--print-uris", "install", "--no-install-recommends", *names], empty)
    return [line.split()[1] for line in listed.splitlines() if line.startswith("'")]


def _apt(arguments: Iterable[str], debs: Path) -> str:
    # With a status file that knows of no package, everything needed is fetched.
    status = debs / "status"
    status.touch()
    options = {
        "Dir::State::status": status,
        "Dir::Cache::archives": debs,
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "root",
    }
    given = [text for name, value in options.items() for text in ("-o", f"{name}={value}")]
    return run(["apt-get", "-qq", "-y", *given, *arguments], package="apt", network=_NETWORK)


def _package(deb: str | Path) -> str:
    return Path(deb).name.split("_")[0]
