"""Artifacts of the Maven repository."""

from collections.abc import Mapping
from pathlib import Path

from devkit.images import pins
from devkit.program import run

_NETWORK = "a repository of Maven artifacts"


def copy_dependencies(pom: Path, properties: Mapping[str, str], folder: Path) -> None:
    """Copy every jar that a pom.xml names, with all that they need, into `folder`."""
    _maven(
        f"--file={pom}",
        f"{pins.MAVEN_DEPENDENCY_PLUGIN}:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={folder}",
        *(f"-D{name}={value}" for name, value in properties.items()),
    )


def copy(coordinates: str, folder: Path) -> Path:
    """Copy one artifact, `group:artifact:version[:packaging[:classifier]]`, into `folder`."""
    _maven(
        f"{pins.MAVEN_DEPENDENCY_PLUGIN}:copy",
        f"-Dartifact={coordinates}",
        f"-DoutputDirectory={folder}",
    )
    (artifact,) = folder.iterdir()
    return artifact


def _maven(*arguments: str) -> None:
    argv = ["mvn", "--batch-mode", "--quiet", *arguments]
    run(argv, package="maven", network=_NETWORK)
