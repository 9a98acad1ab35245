"""Telegraf with the plugins that the sites' configurations name, and no other of its 400."""

from pathlib import Path

from devkit.images import compiled, pins
from devkit.images.image import Image
from devkit.images.layer import Layer
from devkit.images.userland import USERLAND

_FOLDER = Path(__file__).parent

PLUGINS = (
    "inputs.cpu",
    "inputs.disk",
    "inputs.diskio",
    "inputs.influxdb",
    "inputs.internal",
    "inputs.kafka_consumer",
    "inputs.mem",
    "inputs.prometheus",
    "inputs.system",
    "inputs.x509_cert",
    "outputs.health",
    "outputs.influxdb",
    "outputs.influxdb_v2",
    "parsers.avro",
    "parsers.prometheus",
    "processors.converter",
    "processors.regex",
    "secretstores.docker",
)
"""A configuration that names another one is refused by the program when it starts."""


def _fill(root: Path, cache: Path) -> None:
    compiled.install(
        _FOLDER,
        root,
        cache,
        tags=("custom", *PLUGINS),
        variables={"github.com/influxdata/telegraf/internal.Version": pins.TELEGRAF},
    )


PROGRAM = Layer("telegraf", (pins.TELEGRAF,), (_FOLDER, Path(compiled.__file__)), _fill)
"""The program, below `usr/bin`."""

IMAGE = Image("telegraf", pins.TELEGRAF, (USERLAND, PROGRAM), user=999, command=("telegraf",))
