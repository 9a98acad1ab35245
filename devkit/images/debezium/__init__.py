"""Debezium's sink into databases, a plugin of Kafka Connect."""

import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from devkit.images import maven, pins
from devkit.images.layer import Layer
from devkit.progress import step


def _fill(root: Path, _cache: Path) -> None:
    plugins = root / "plugins"
    plugins.mkdir()
    with step("fetching Debezium's JDBC sink"), TemporaryDirectory() as draft:
        coordinates = f"io.debezium:debezium-connector-jdbc:{pins.DEBEZIUM}:tar.gz:plugin"
        with tarfile.open(maven.copy(coordinates, Path(draft))) as archive:
            archive.extractall(plugins, filter="data")


PLUGIN = Layer("debezium-jdbc", (pins.DEBEZIUM,), (Path(__file__),), _fill)
"""The plugin's folder, below `plugins`."""
