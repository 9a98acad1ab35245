"""The file of a site, read as far as a run without its secrets needs it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rendering.engine import run_program
from rendering.monitor import CANARY, PROJECT
from rendering.recording import Run


@dataclass(frozen=True)
class SiteFile:
    """What one ``Pulumi.<name>.yaml`` says; each secret key has a placeholder."""

    name: str
    """The stack's name."""
    description: dict[str, Any]
    """The value of ``efd:site``."""
    secrets: dict[str, str]
    """A placeholder for each secret key."""

    def run(self, root: Path) -> Run:
        """Run the program of ``root`` for this site, every value known."""
        return run_program(self.description, self.secrets, stack=self.name, root=root)


def site_files(folder: Path) -> list[SiteFile]:
    """Read the files of the sites in ``folder``, by name."""
    return [_read(path) for path in sorted(folder.glob("Pulumi.*.yaml"))]


def placeholder(key: str) -> str:
    """Return what stands for the secret ``key``."""
    return f"{CANARY}{key}"


def _read(path: Path) -> SiteFile:
    config: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["config"]
    secret = [key for key, value in config.items() if isinstance(value, dict) and "secure" in value]
    return SiteFile(
        name=path.name.split(".")[1],
        description=config[f"{PROJECT}:site"],
        secrets={
            key.removeprefix(f"{PROJECT}:"): placeholder(key.removeprefix(f"{PROJECT}:"))
            for key in secret
        },
    )
