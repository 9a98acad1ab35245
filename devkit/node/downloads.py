"""The site's mirror of release files: plain HTTP, from the outside world to every node."""

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from devkit import images
from devkit.daemon import Daemon
from devkit.errors import DevkitError
from devkit.node.lan import OUTSIDE

PORT = 8000
"""Stands in the files of the sites that fetch from here."""


PUBLISHERS = {
    "jmx_prometheus_javaagent": "io.prometheus.jmx",
    "debezium-connector-jdbc": "io.debezium",
}
"""Maven groups of the files that sites fetch, by artifact."""

FILE = re.compile(
    r"(?P<artifact>.+)-(?P<version>[0-9][^-]*)(?:\.(?P<jar>jar)|-(?P<kind>\w+)\.(?P<packed>tar\.gz))"
)
"""A jar, or an archive of some kind such as `plugin`, as Maven names them."""


@dataclass(frozen=True)
class Downloads:
    """A folder and the server that gives it out."""

    folder: Path

    def offer(self, files: Iterable[tuple[str, str]], cache: Path) -> None:
        """Give out what is asked for here: pairs of an address and a SHA-256 digest."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for url, sha256 in files:
            place, _, name = url.rpartition("/")
            if place == f"http://{OUTSIDE}:{PORT}":
                file = images.ensure_artifact(cache, _coordinates(name), sha256)
                link = self.folder / name
                link.unlink(missing_ok=True)
                link.symlink_to(file)

    def start(self) -> None:
        """Serve, unless it is served already; the bridge must be there."""
        argv = ["-m", "http.server", str(PORT), "--bind", OUTSIDE, "--directory", str(self.folder)]
        environ = {"PATH": os.defpath, "PYTHONUNBUFFERED": "1"}
        Daemon("downloads", self.folder.parent).start([sys.executable, *argv], environ)


def _coordinates(name: str) -> str:
    file = FILE.fullmatch(name)
    if not file or file["artifact"] not in PUBLISHERS:
        known = ", ".join(f"{artifact}-…" for artifact in PUBLISHERS)
        raise DevkitError(f"the mirror of release files has no {name}", f"it has {known}")
    artifact = f"{PUBLISHERS[file['artifact']]}:{file['artifact']}:{file['version']}"
    return f"{artifact}:{file['packed']}:{file['kind']}" if file["packed"] else artifact
