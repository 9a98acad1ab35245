"""Debian's PostgreSQL, started as the published image is: it makes its data at the first start."""

import shutil
from pathlib import Path

from devkit import debian
from devkit.images import pins, userland
from devkit.images.image import Image
from devkit.images.layer import Layer
from devkit.images.userland import USERLAND
from devkit.progress import step

_FOLDER = Path(__file__).parent
_PACKAGES = (f"postgresql-{pins.POSTGRESQL}",)
_WITHOUT = (
    "perl",
    "libperl",
    "adduser",
    "debconf",
    "passwd",
    "locales",
    "libc-l10n",
    "tar",
    "dpkg",
)
"""Debian's own tools around a cluster are in Perl; none of them runs here."""
_COMPILER = ("llvmjit.so", "bitcode")
"""The just-in-time compiler, of 100 MB with its library; without it queries are interpreted."""


def _fill(root: Path, _cache: Path) -> None:
    with step("unpacking PostgreSQL"):
        without = (*_WITHOUT, "libllvm", "libz3")
        debian.unpack(_PACKAGES, root, beside=userland.PACKAGES, without=without)
    home = root / "usr" / "lib" / "postgresql" / pins.POSTGRESQL
    for name in _COMPILER:
        path = home / "lib" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for program in sorted((home / "bin").iterdir()):
        link = root / "usr" / "bin" / program.name
        link.unlink(missing_ok=True)  # in Debian's way, a script that chooses a version
        link.symlink_to(f"/{program.relative_to(root)}")
    shutil.copy(_FOLDER / "start.sh", root / "usr" / "bin" / "postgresql-start")


SERVER = Layer("postgresql", (debian.release(), *_PACKAGES), userland.made_with(_FOLDER), _fill)
"""The server and psql, below `usr/lib/postgresql`."""

IMAGE = Image(
    "postgresql", pins.POSTGRESQL, (USERLAND, SERVER), user=999, command=("postgresql-start",)
)
