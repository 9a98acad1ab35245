"""The file that a container engine imports: `docker load`, `ctr images import`."""

import io
import json
import platform
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from devkit.images import layer

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def write(path: Path, reference: str, layers: Sequence[Path], config: Mapping[str, Any]) -> None:
    """Write a docker-archive: the layers, lowest first, and two JSON files that describe them."""
    digests = [layer.digest(file) for file in layers]
    description = _text(
        {
            "architecture": _ARCHITECTURES.get(platform.machine(), platform.machine()),
            "os": "linux",
            "created": "1970-01-01T00:00:00Z",
            "config": config,
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{each}" for each in digests]},
        }
    )
    manifest = [
        {
            "Config": "config.json",
            "RepoTags": [reference],
            "Layers": [f"{each}/layer.tar" for each in digests],
        }
    ]
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        _add(tar, "manifest.json", _text(manifest))
        _add(tar, "config.json", description)
        for digest, file in zip(digests, layers, strict=True):
            with file.open("rb") as content:
                info = tarfile.TarInfo(f"{digest}/layer.tar")
                info.size = file.stat().st_size
                tar.addfile(info, content)


def _text(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))
