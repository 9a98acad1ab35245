"""A SAL-like producer outside the cluster, as a process of its own, and its ledger."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from devkit.traffic.ledger import Ledger
from tests.e2e.stand import Stand

USER = "sal"
FINISH = 180
"""Seconds in which a producer that is told to stop hands over what it has."""


@dataclass
class Load:
    """One run of the producer."""

    path: Path
    process: "subprocess.Popen[str]"

    @property
    def ledger(self) -> Ledger:
        """What the brokers have acknowledged so far."""
        ledger = Ledger([self.path])
        ledger.refresh()
        return ledger

    def finish(self) -> Ledger:
        """Wait for the end of a run that ends by itself."""
        said, _ = self.process.communicate(timeout=900)
        assert self.process.returncode == 0, said
        return self.ledger

    def stop(self) -> Ledger:
        """Tell the producer to stop, and wait until it has handed over everything."""
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=FINISH)
        assert self.process.returncode == 0, said
        return self.ledger


@contextmanager
def load(stand: Stand, name: str, *options: str) -> Iterator[Load]:
    """Produce while the body runs; options are those of ``python -m devkit.traffic produce``."""
    folder = stand.ledgers
    folder.mkdir(exist_ok=True)
    kafka = stand.outside(USER)
    password = folder / f"{stand.site.name}.{USER}"
    password.write_text(kafka.password)
    path = folder / f"{name}.ledger"
    access = [f"--bootstrap={kafka.bootstrap}", f"--user={USER}", f"--password-file={password}"]
    where = [f"--ca={kafka.ca}", f"--registry={stand.registry.web.url}", f"--ledger={path}"]
    process = subprocess.Popen(  # noqa: S603 -- this Python
        [sys.executable, "-m", "devkit.traffic", "produce", *access, *where, *options],
        cwd=stand.site.workspace.project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Load(path, process)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
