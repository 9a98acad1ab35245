"""The demo: a site on a real node, and a producer that sends to it until it is told to stop."""

import hashlib
import shutil
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from devkit.daemon import Daemon
from devkit.demo.facts import Facts, write_private
from devkit.errors import DevkitError
from devkit.lock import only_one
from devkit.node import supplies
from devkit.node.enclosure import Enclosure, why_not
from devkit.node.real_site import STREAMING, RealSite
from devkit.progress import say
from devkit.workspace import Workspace

SITE = "e2e-summit"

PRODUCER = "sal"
CONSUMER = "notebooks"
"""Users of the brokers."""

CSCS = ("MTMount", "ATDome")
"""Some eighty records a second: a disk is not full of them after a night."""

DATABASE = "efd"


@dataclass(frozen=True)
class Demo:
    """The demo of one workspace. Only `enclosure` and what it says are of use outside it."""

    workspace: Workspace
    """Its site files are the visitor's copies."""
    tracked: Path
    """The site file that is copied."""

    @classmethod
    def of(cls, given: Workspace) -> "Demo":
        """Name the demo of a workspace; nothing is started."""
        return cls(replace(given, sites=given.home / "sites"), given.site_file(SITE))

    @property
    def enclosure(self) -> Enclosure:
        """The namespaces that everything of it lives in."""
        return Enclosure(self.workspace.home / "enclosure")

    @property
    def site_file(self) -> Path:
        """The copy that a visitor may edit."""
        return self.workspace.sites / self.tracked.name

    @property
    def ledger(self) -> Path:
        """What the brokers have acknowledged."""
        return self.producer.folder / "ledger"

    @property
    def producer(self) -> Daemon:
        """The process that sends records."""
        return Daemon("producer", self.workspace.home / "producer")

    @cached_property
    def site(self) -> RealSite:
        """The site."""
        return RealSite(SITE, self.workspace)

    @property
    def facts(self) -> Facts:
        """How its servers are reached."""
        facts = Facts.read(self._noted)
        if facts is None:
            raise DevkitError("the demo is not ready: `make demo` goes on with starting it")
        return facts

    def fetch(self) -> None:
        """Fetch what is missing, outside: an enclosure has no way out of this machine."""
        self.workspace.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        supplies.ensure(replace(self.workspace, sites=self.tracked.parent))

    def ensure(self) -> bool:
        """Bring everything up that does not run, and deploy the copy as it is; False if all was."""
        with only_one(self.workspace.home / "demo.lock", "starting the demo"):
            if not self.site_file.exists():
                self.workspace.sites.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.tracked, self.site_file)
            is_new = not self._is_deployed()
            if is_new:
                self._deploy()
            started = self._start_producer()
        return is_new or started

    def is_edited(self) -> bool:
        """Whether the visitor's copy says something else than what was deployed."""
        return self.facts.site_digest != self._digest()

    def remove(self) -> bool:
        """End everything and forget it; whether there was anything."""
        home = self.workspace.home
        if not self.enclosure.folder.exists():
            return False
        self.enclosure.release()
        # The folder that says there is something to remove goes last, should this be interrupted.
        for entry in home.iterdir():
            if entry == self.enclosure.folder:
                continue
            is_folder = entry.is_dir() and not entry.is_symlink()
            shutil.rmtree(entry) if is_folder else entry.unlink()
        shutil.rmtree(home)
        return True

    def check_is_there(self) -> None:
        """Raise DevkitError, in one line, unless there is a demo to re-enter."""
        check_is_possible()
        if not self.enclosure.is_there():
            raise DevkitError("the demo is not running: `make demo` starts it")

    @property
    def _noted(self) -> Path:
        return self.workspace.home / "facts.json"

    def _digest(self) -> str:
        return hashlib.sha256(self.site_file.read_bytes()).hexdigest()

    def _is_deployed(self) -> bool:
        facts = Facts.read(self._noted)
        if facts is None or not self.site.stack.cluster.is_running():
            return False
        return facts.site_digest == self._digest()

    def _deploy(self) -> None:
        if Facts.read(self._noted) is None:
            say(
                "a small Summit is started on a real node, in namespaces of its own: that takes one"
            )
            say("to two minutes, and several more where tools and images are not built yet")
        elif self.is_edited():
            say(f"{self.site_file} has changed: it is deployed as it is now")
        digest = self._digest()
        try:
            self.site.start()
            self.site.up()
        except DevkitError as error:
            # A stack's own advice names the command for embedded sites.
            raise DevkitError(
                error.what,
                f"once that is mended, `make demo` continues; site file: {self.site_file}",
            ) from error
        registry = self.site.address(STREAMING, "cp-helm-charts-cp-schema-registry")
        influx = self.site.address("influxdb", "influxdb")
        Facts.of(
            self.site.outputs(), digest, f"http://{registry}:8081", f"http://{influx}:8086"
        ).write(self._noted)

    def _start_producer(self) -> bool:
        if self.producer.pid():
            return False
        facts = self.facts
        password = self.producer.folder / f"{PRODUCER}.password"
        write_private(password, facts.passwords[PRODUCER])
        argv = [
            *(sys.executable, "-m", "devkit.traffic", "produce"),
            *(f"--bootstrap={facts.bootstrap}", f"--user={PRODUCER}"),
            *(f"--password-file={password}", f"--ca={self.site.authority}"),
            *(f"--registry={facts.registry}", f"--ledger={self.ledger}"),
            *("--csc", *CSCS),
        ]
        self.producer.start(argv, {"PYTHONPATH": str(self.workspace.project)})
        return True


def check_is_possible() -> None:
    """Raise DevkitError, in one line, on a machine that can have no demo."""
    if reason := why_not():
        raise DevkitError(f"the demo cannot run here: {reason}")
