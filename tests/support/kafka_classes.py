"""Kafka's own classes, which Maven has, run without a container."""

import shutil
from pathlib import Path

import pytest

from devkit import images
from devkit.images import kafka
from devkit.workspace import Workspace
from efd_infra.artifacts import read_artifact

_NEEDED = ("java", "mvn")


def kafka_libs() -> Path:
    """Return the folder of Kafka's classes, fetched once; skip where they cannot be had."""
    if missing := [program for program in _NEEDED if not shutil.which(program)]:
        pytest.skip(f"needs {' and '.join(missing)}")
    cache = Workspace.from_environment().cache
    return images.unpacked(cache, kafka.CLASSES) / "opt" / "kafka" / "libs"


def java_argv(folder: Path, libs: Path, heap: str, main: str, *arguments: str) -> list[str]:
    """Return the command line of a program that runs for a moment, with its files in a folder."""
    logging = folder / "log4j2.properties"
    logging.write_text(read_artifact("logging/log4j2.properties"), encoding="utf-8")
    quick = [f"-Xmx{heap}", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    settings = f"-Dlog4j2.configurationFile={logging}"
    return ["java", *quick, settings, "-cp", f"{libs}/*", main, *arguments]
