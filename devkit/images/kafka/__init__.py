"""Kafka's classes and a Java runtime: brokers, Kafka Connect and MirrorMaker 2."""

from pathlib import Path

from devkit import debian
from devkit.images import maven, pins, userland
from devkit.images.image import Image
from devkit.images.java import JAVA
from devkit.images.layer import Layer
from devkit.images.userland import USERLAND
from devkit.progress import step

_FOLDER = Path(__file__).parent

_PROBE = ("wget",)
"""MirrorMaker's probe asks with it."""


def _fill(root: Path, _cache: Path) -> None:
    versions = {"kafka.version": pins.KAFKA, "log4j.version": pins.LOG4J}
    with step("fetching Kafka"):
        maven.copy_dependencies(_FOLDER / "pom.xml", versions, root / "opt" / "kafka" / "libs")


def _fill_wget(root: Path, _cache: Path) -> None:
    with step("unpacking wget"):
        debian.unpack(_PROBE, root, beside=userland.PACKAGES)


WGET = Layer("wget", (debian.release(), *_PROBE), userland.made_with(Path(__file__)), _fill_wget)
"""What probes ask with."""
CLASSES = Layer("kafka", (pins.KAFKA, pins.LOG4J), (_FOLDER, Path(maven.__file__)), _fill)
"""Kafka's classes, below `opt/kafka/libs`."""

IMAGE = Image("kafka", pins.KAFKA, (USERLAND, JAVA, WGET, CLASSES), user=1000, command=("java",))
