"""The aggregator, as `aggregator/Containerfile` makes it, but from packages alone."""

from pathlib import Path
from tempfile import TemporaryDirectory

from devkit.images import jars, kafka, maven, pins
from devkit.images.image import Image
from devkit.images.java import JAVA
from devkit.images.layer import Layer
from devkit.images.userland import USERLAND
from devkit.progress import step

SOURCES = Path(__file__).parents[3] / "aggregator"


def _fill(root: Path, _cache: Path) -> None:
    libs = root / "opt" / "kafka-aggregator" / "libs"
    with step("fetching Kafka Streams"):
        versions = {"kafka.version": pins.KAFKA, "log4j.version": pins.LOG4J}
        maven.copy_dependencies(SOURCES / "pom.xml", versions, libs)
    with step("compiling the aggregator"), TemporaryDirectory() as classes:
        jars.compile_java(SOURCES / "src", libs, Path(classes))
        jars.pack(Path(classes), libs / "kafka-aggregator.jar")


CLASSES = Layer(
    "aggregator",
    (pins.KAFKA, pins.LOG4J, pins.JAVA),
    (Path(__file__), Path(maven.__file__), Path(jars.__file__), SOURCES),
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
