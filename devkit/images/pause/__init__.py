"""What holds a pod's namespaces."""

from pathlib import Path

from devkit.images import compiled, pins
from devkit.images.image import Image
from devkit.images.layer import Layer

_FOLDER = Path(__file__).parent


def _fill(root: Path, cache: Path) -> None:
    compiled.install(_FOLDER, root, cache, target=".")


_PROGRAM = Layer("pause", (), (_FOLDER, Path(compiled.__file__)), _fill)

IMAGE = Image("pause", pins.PAUSE, (_PROGRAM,), user=65535, command=("/usr/bin/pause",))
