"""A real Telegraf, with the settings that the program writes."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from devkit.images import store
from devkit.images.telegraf import PROGRAM
from devkit.workspace import Workspace
from efd_infra.manifests.telegraf import HEALTH_PORT
from tests.support.loopback import free_port


@contextmanager
def telegraf(folder: Path, settings: str, environ: Mapping[str, str]) -> Iterator[Path]:
    """Keep one running; give the file with what it says."""
    program = store.unpacked(Workspace.from_environment().cache, PROGRAM) / "usr/bin/telegraf"
    file, log = folder / "telegraf.conf", folder / "telegraf.log"
    health = f"http://127.0.0.1:{free_port()}"
    file.write_text(settings.replace(f"http://:{HEALTH_PORT}", health), encoding="utf-8")
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 -- built here
            [program, "--strict-env-handling", "--config", file],
            env=dict(environ),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield log
    finally:
        process.terminate()
        process.wait()
