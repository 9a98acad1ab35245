"""The images that have been built, in the cache that every checkout of this user shares."""

import os
import shutil
import tarfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devkit.build import KEPT
from devkit.images import archive, layer
from devkit.images.catalogue import IMAGES
from devkit.images.image import Image
from devkit.images.layer import Layer
from devkit.lock import only_one


@dataclass(frozen=True)
class Built:
    """An image's archive, and how long it took to make: None when it was there."""

    image: Image
    path: Path
    seconds: float | None

    @property
    def mebibytes(self) -> int:
        """Size of the archive."""
        return self.path.stat().st_size // 2**20


def ensure(cache: Path) -> dict[str, Path]:
    """Archive of every image by its reference; builds those that were not built before."""
    return {built.image.reference: built.path for built in build(cache)}


def build(cache: Path, images: Sequence[Image] = IMAGES) -> list[Built]:
    """Build what is missing, one build at a time; a killed one is continued layer by layer.

    A layer or an archive gets its name only when it is whole.
    """
    store = cache / "images"
    if all(_archive(store, image).exists() for image in images):
        ready = [Built(image, _archive(store, image), None) for image in images]
    else:
        with only_one(store / "lock", "building the images"):
            for abandoned in store.glob("*.partial"):
                _remove(abandoned)
            ready = [_ensure_image(image, store, cache) for image in images]
            _forget_unused(store)
    for built in ready:
        _use(built.path)
    return ready


def unpacked(cache: Path, each: Layer) -> Path:
    """Folder with the files of one layer, for a program that is run without a container."""
    store = cache / "images"
    folder = store / f"files-{each.name}-{each.key}"
    if not folder.is_dir():
        with only_one(store / "lock", "building the images"):
            if folder.is_dir():  # meanwhile, by another run
                return folder
            draft = folder.with_suffix(".partial")
            _remove(draft)
            with tarfile.open(_ensure_layer(each, store, cache)) as tar:
                tar.extractall(draft, filter="tar")
            draft.rename(folder)
    _use(folder)
    return folder


def _archive(store: Path, image: Image) -> Path:
    return store / f"image-{image.name}-{image.key}.tar"


def _ensure_image(image: Image, store: Path, cache: Path) -> Built:
    path = _archive(store, image)
    if path.exists():
        return Built(image, path, None)
    started = time.monotonic()
    layers = [_ensure_layer(each, store, cache) for each in image.layers]
    draft = path.with_suffix(".partial")
    archive.write(draft, image.reference, layers, image.config)
    draft.replace(path)
    return Built(image, path, time.monotonic() - started)


def _ensure_layer(each: Layer, store: Path, cache: Path) -> Path:
    path = store / f"layer-{each.name}-{each.key}.tar"
    if not path.exists():
        root, draft = path.with_suffix(".root.partial"), path.with_suffix(".partial")
        root.mkdir()
        each.fill(root, cache)
        layer.write(root, draft)
        draft.replace(path)
        _remove(root)
    _use(path)
    return path


def _use(path: Path) -> None:
    os.utime(path)  # see _forget_unused


def _forget_unused(store: Path) -> None:
    """Remove what no run has used for a while."""
    oldest = time.time() - KEPT
    for path in (*store.glob("*-*.tar"), *store.glob("files-*")):
        if path.stat().st_mtime < oldest:
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
