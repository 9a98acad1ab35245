"""curl beside the base's shell and tools: init containers and the set-up Job."""

from pathlib import Path

from devkit import debian
from devkit.images import pins, userland
from devkit.images.image import Image
from devkit.images.layer import Layer
from devkit.images.userland import USERLAND
from devkit.progress import step

_PACKAGES = ("curl",)


def _fill(root: Path, _cache: Path) -> None:
    with step("unpacking curl"):
        debian.unpack(_PACKAGES, root, beside=userland.PACKAGES)


_CURL = Layer("curl", (debian.release(), *_PACKAGES), userland.made_with(Path(__file__)), _fill)

IMAGE = Image("fetch", pins.FETCH, (USERLAND, _CURL), user=100, command=("/bin/sh",))
