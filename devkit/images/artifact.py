"""A published file that a site fetches by itself, such as the JMX exporter."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from devkit.errors import DevkitError
from devkit.images import layer, maven
from devkit.progress import step


def ensure_artifact(cache: Path, coordinates: str, sha256: str) -> Path:
    """Return a Maven artifact, `group:artifact:version`, as a file with this digest.

    One with another digest is refused: a site would refuse it too.
    """
    folder = cache / "images" / "artifacts" / sha256
    if folder.is_dir():
        (path,) = folder.iterdir()
        return path
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=folder.parent) as draft, step(f"fetching {coordinates}"):
        fetched = maven.copy(coordinates, Path(draft))
        found = layer.digest(fetched)
        if found != sha256:
            raise DevkitError(
                f"{coordinates} has the digest {found}, not {sha256}",
                "compare the version with the one that is pinned; do not use what was fetched",
            )
        whole = Path(draft) / "whole"
        whole.mkdir()
        fetched.replace(whole / fetched.name)
        if not folder.exists():
            shutil.move(whole, folder)
    (path,) = folder.iterdir()
    return path
