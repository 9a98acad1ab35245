"""One version stands in `pins.py` for each thing; a file that a tool reads agrees with it."""

from pathlib import Path

import pytest

from devkit import images
from devkit.images import pins
from devkit.images.catalogue import IMAGES
from devkit.images.store import ensure

FOLDER = Path(images.__file__).parent


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("influxdb/go.mod", f"github.com/influxdata/influxdb v{pins.INFLUXDB}"),
        ("telegraf/go.mod", f"github.com/influxdata/telegraf v{pins.TELEGRAF}"),
        ("connect_manager/requirements.txt", f"kafkaconnect=={pins.KAFKACONNECT}"),
    ],
)
def test_the_pin_is_what_the_tool_reads(file: str, line: str) -> None:
    assert line in (FOLDER / file).read_text()


def test_every_image_has_a_name_of_its_own() -> None:
    assert len({image.reference for image in IMAGES}) == len(IMAGES)
    assert images.ensure is ensure


def test_no_image_runs_as_root() -> None:
    assert all(image.user > 0 for image in IMAGES)
