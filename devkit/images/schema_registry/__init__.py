"""A registry with Confluent's API: Apicurio behind a launcher that stands in for Confluent's."""

import tarfile
from pathlib import Path

from devkit.images import compiled, maven, pins
from devkit.images.image import Image
from devkit.images.java import JAVA
from devkit.images.layer import Layer
from devkit.images.userland import USERLAND
from devkit.progress import step

_FOLDER = Path(__file__).parent
_PROGRAM = "schema-registry-start"


def _fill_engine(root: Path, _cache: Path) -> None:
    name = "apicurio-registry-app"
    with step("fetching Apicurio"):
        packed = maven.copy(f"io.apicurio:{name}:{pins.APICURIO}:tar.gz:all", root / "packed")
        home = root / "opt" / "apicurio"
        with tarfile.open(packed) as tar:
            tar.extractall(home, filter="data")
        packed.unlink()
        packed.parent.rmdir()
        (home / "registry.jar").symlink_to(f"{name}-{pins.APICURIO}-runner.jar")


def _fill_launcher(root: Path, cache: Path) -> None:
    compiled.install(_FOLDER, root, cache, target=".")
    bin_folder = root / "usr" / "bin"
    (bin_folder / "schema-registry").replace(bin_folder / _PROGRAM)


_ENGINE = Layer("apicurio", (pins.APICURIO,), (Path(__file__), Path(maven.__file__)), _fill_engine)
_LAUNCHER = Layer("registry", (), (_FOLDER, Path(compiled.__file__)), _fill_launcher)

IMAGE = Image(
    "schema-registry",
    pins.APICURIO,
    (USERLAND, JAVA, _ENGINE, _LAUNCHER),
    user=1000,
    command=(_PROGRAM,),
)
