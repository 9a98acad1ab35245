"""Java of ours, compiled and packed so that the same sources give the same file."""

import shutil
import zipfile
from pathlib import Path

from devkit.images import pins
from devkit.program import run

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a jar can say: the same classes are to give the same file."""


def compile_java(sources: Path, libraries: Path, classes: Path) -> None:
    """Compile every source below a folder; a warning is an error."""
    files = sorted(sources.rglob("*.java"))
    javac = ["javac", "--release", pins.JAVA, "-Xlint:all", "-Werror", "-cp", f"{libraries}/*"]
    run([*javac, "-d", classes, *files], package=f"openjdk-{pins.JAVA}-jdk-headless")


def pack(classes: Path, jar: Path) -> None:
    """Write everything below `classes` into a jar."""
    with zipfile.ZipFile(jar, "w") as packed:
        for file in sorted(path for path in classes.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(file.relative_to(classes)), _EPOCH)
            entry.external_attr = 0o644 << 16
            with file.open("rb") as source, packed.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
