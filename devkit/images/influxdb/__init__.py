"""InfluxDB 1.8, server and client."""

from pathlib import Path

from devkit.images import compiled, pins
from devkit.images.image import Image
from devkit.images.layer import Layer
from devkit.images.userland import USERLAND

_FOLDER = Path(__file__).parent


def _fill(root: Path, cache: Path) -> None:
    compiled.install(_FOLDER, root, cache, variables={"main.version": pins.INFLUXDB})


PROGRAMS = Layer("influxdb", (pins.INFLUXDB,), (_FOLDER, Path(compiled.__file__)), _fill)
"""Server and client, below `usr/bin`."""

IMAGE = Image("influxdb", pins.INFLUXDB, (USERLAND, PROGRAMS), user=999, command=("influxd",))
