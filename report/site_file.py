"""The text of a site's file: what no rendering shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from rendering.monitor import PROJECT


@dataclass(frozen=True)
class SiteText:
    """What one ``Pulumi.<name>.yaml`` says."""

    description: Mapping[str, Any] = field(default_factory=dict)
    """The value of ``efd:site``."""
    ciphers: Mapping[str, str] = field(default_factory=dict)
    """By key, the encrypted text of secret configuration. It is compared, never shown."""

    def rotated_from(self, before: "SiteText") -> tuple[str, ...]:
        """Return the keys of what is encrypted otherwise than ``before``, or is new or gone."""
        keys = self.ciphers.keys() | before.ciphers.keys()
        return tuple(sorted(k for k in keys if self.ciphers.get(k) != before.ciphers.get(k)))


def site_texts(folder: Path) -> dict[str, SiteText]:
    """Read the files of the sites in ``folder``, by name."""
    return {path.name.split(".")[1]: _read(path) for path in folder.glob("Pulumi.*.yaml")}


def _read(path: Path) -> SiteText:
    config = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("config") or {}
    description = config.get(f"{PROJECT}:site")
    return SiteText(
        description=description if isinstance(description, dict) else {},
        ciphers={
            key.removeprefix(f"{PROJECT}:"): str(value["secure"])
            for key, value in config.items()
            if isinstance(value, dict) and "secure" in value
        },
    )
