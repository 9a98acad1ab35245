"""Images are built once, and again only when what they are made of changes."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from devkit.images import store
from devkit.images.image import Image
from devkit.images.layer import Layer


def image(log: list[str], name: str = "one", **pins: str) -> Image:
    """An image of two layers, of which the lower one is the same whatever the name."""

    def fill(part: str) -> Callable[[Path, Path], None]:
        def write(root: Path, _cache: Path) -> None:
            log.append(part)
            (root / part).write_text(part)

        return write

    base = Layer("base", (pins.get("base", "1"),), (), fill("base"))
    own = Layer(name, (pins.get("own", "1"),), (), fill(name))
    return Image(name, "1", (base, own), user=1000, command=("sh",))


def test_what_is_there_is_not_built_again(tmp_path: Path) -> None:
    log: list[str] = []
    (first,) = store.build(tmp_path, [image(log)])
    (second,) = store.build(tmp_path, [image(log)])
    assert first.path == second.path
    assert first.seconds is not None
    assert second.seconds is None
    assert log == ["base", "one"]


def test_images_share_a_layer(tmp_path: Path) -> None:
    log: list[str] = []
    store.build(tmp_path, [image(log), image(log, "two")])
    assert log == ["base", "one", "two"]


def test_a_changed_pin_builds_its_layer_and_what_stands_on_it(tmp_path: Path) -> None:
    log: list[str] = []
    store.build(tmp_path, [image(log)])
    (changed,) = store.build(tmp_path, [image(log, own="2")])
    assert changed.seconds is not None
    assert log == ["base", "one", "one"]


def test_the_reference_is_a_name_that_nobody_can_pull() -> None:
    assert image([]).reference == "efd.test/one:1"


def test_a_changed_source_changes_the_key(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "go.mod").write_text("one")
    layer = replace(image([]).layers[0], made_from=(source,))
    before = layer.key
    (source / "main_test.go").write_text("a test")
    assert layer.key == before, "nobody waits because a test changed"
    (source / "go.mod").write_text("two")
    assert layer.key != before


def test_a_killed_build_leaves_nothing_that_counts(tmp_path: Path) -> None:
    log: list[str] = []
    whole = image(log)

    def killed(_root: Path, _cache: Path) -> None:
        raise KeyboardInterrupt

    half = replace(whole, layers=(whole.layers[0], replace(whole.layers[1], fill=killed)))
    with pytest.raises(KeyboardInterrupt):
        store.build(tmp_path, [half])
    assert list((tmp_path / "images").glob("image-*.tar")) == []
    store.build(tmp_path, [whole])
    assert log == ["base", "one"], "the layer that was whole is used"
    assert list((tmp_path / "images").glob("*.partial")) == []


def test_what_no_run_has_used_for_long_is_forgotten(tmp_path: Path) -> None:
    (old,) = store.build(tmp_path, [image([])])
    os.utime(old.path, (0, 0))
    store.build(tmp_path, [image([], "two")])
    assert not old.path.exists()


def test_a_layer_s_files_can_be_used_without_a_container(tmp_path: Path) -> None:
    log: list[str] = []
    (_, own) = image(log).layers
    folders = {store.unpacked(tmp_path, own) for _ in range(2)}
    assert [(folder / "one").read_text() for folder in folders] == ["one"]
    assert log == ["one"]


def test_files_that_no_run_has_used_for_long_are_forgotten(tmp_path: Path) -> None:
    folder = store.unpacked(tmp_path, image([]).layers[0])
    os.utime(folder, (0, 0))
    store.build(tmp_path, [image([], "two")])
    assert not folder.exists()
