"""The aggregator, as `aggregator/Containerfile` makes it, but from packages alone."""

import shutil
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from devkit.images import kafka, maven, pins
from devkit.images.image import Image
from devkit.images.java import JAVA
from devkit.images.layer import Layer
from devkit.images.userland import USERLAND
from devkit.program import run
from devkit.progress import step

SOURCES = Path(__file__).parents[3] / "aggregator"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a jar can say: the same classes are to give the same file."""


def _fill(root: Path, _cache: Path) -> None:
    libs = root / "opt" / "kafka-aggregator" / "libs"
    with step("fetching Kafka Streams"):
        versions = {"kafka.version": pins.KAFKA, "log4j.version": pins.LOG4J}
        maven.copy_dependencies(SOURCES / "pom.xml", versions, libs)
    with step("compiling the aggregator"), TemporaryDirectory() as classes:
        sources = sorted((SOURCES / "src").rglob("*.java"))
        javac = ["javac", "--release", pins.JAVA, "-Xlint:all", "-Werror", "-cp", f"{libs}/*"]
        package = f"openjdk-{pins.JAVA}-jdk-headless"
        run([*javac, "-d", classes, *sources], package=package)
        _pack(Path(classes), libs / "kafka-aggregator.jar")


def _pack(classes: Path, jar: Path) -> None:
    with zipfile.ZipFile(jar, "w") as packed:
        for file in sorted(classes.rglob("*.class")):
            entry = zipfile.ZipInfo(str(file.relative_to(classes)), _EPOCH)
            entry.external_attr = 0o644 << 16
            with file.open("rb") as source, packed.open(entry, "w") as target:
                shutil.copyfileobj(source, target)


CLASSES = Layer(
    "aggregator",
    (pins.KAFKA, pins.LOG4J, pins.JAVA),
    (Path(__file__), Path(maven.__file__), SOURCES),
    _fill,
)
"""The program and its libraries, below `opt/kafka-aggregator/libs`."""

IMAGE = Image(
    "kafka-aggregator",
    "1.0.0",
    (USERLAND, JAVA, kafka.WGET, CLASSES),
    user=1000,
    command=("java", "-cp", "/opt/kafka-aggregator/libs/*", "org.lsst.efd.aggregator.Main"),
)
