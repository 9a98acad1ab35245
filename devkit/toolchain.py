"""Which programs a run uses: an official Pulumi where it is installed, else what was built."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import semver
import yaml

from devkit import build
from devkit.errors import DevkitError
from devkit.language_host.launcher import write_launcher
from devkit.workspace import Workspace

PROVIDERS = ("kubernetes", "random")
"""Resource plugins that the program needs; each has the version of its Python package."""

LANGUAGE_HOST = ("pulumi-language-python", "pulumi-language-python-exec")
"""Programs that lie beside an official `pulumi`."""


@dataclass(frozen=True)
class Toolchain:
    """One run's programs: the embedded cluster's in `cluster`, Pulumi and its plugins in `bin`."""

    cluster: Path
    bin: Path
    official: tuple[str, ...]

    @property
    def pulumi(self) -> Path:
        """The Pulumi command."""
        return self.bin / "pulumi"

    def environ(self, environ: Mapping[str, str]) -> dict[str, str]:
        """`environ` with these programs, and this Python's, first on the path."""
        path = [str(self.bin), str(self.cluster / "bin"), str(Path(sys.executable).parent)]
        return {**environ, "PATH": os.pathsep.join([*path, environ.get("PATH", os.defpath)])}


def ensure(workspace: Workspace) -> Toolchain:
    """Find or build every program, and lay them out where the Pulumi engine looks for them.

    Nothing is found by chance on the path, so that the engine has no reason to warn of it: a
    language host lies beside `pulumi`, a provider in the plugin folder of `pulumi_home`.
    """
    built = build.ensure(workspace.cache)
    layout = workspace.home / "bin"
    layout.mkdir(parents=True, exist_ok=True)
    official = official_pulumi(workspace.project / "Pulumi.yaml")
    for name, path in official.items():
        _put(layout / name, path)
    if not official:
        # Not a symbolic link, which the engine would follow to look for its host.
        _put(layout / "pulumi", built / "bin" / "pulumi", hard=True)
        with TemporaryDirectory(dir=workspace.home) as draft:
            write_launcher(Path(draft), Path(sys.executable)).replace(layout / LANGUAGE_HOST[0])
    providers = _official_providers()
    for name in PROVIDERS:
        program = f"pulumi-resource-{name}"
        place = workspace.pulumi_home / "plugins" / _plugin_folder(name) / program
        _put(place, providers.get(program, built / "bin" / program))
    return Toolchain(built, layout, tuple(sorted({*official, *providers})))


def _put(place: Path, program: Path, *, hard: bool = False) -> None:
    """Link `place` to `program`; runs at the same time do no harm."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.parent.parent / f".{place.name}.{os.getpid()}"
    if not hard:
        draft.symlink_to(program)
    else:
        try:
            draft.hardlink_to(program)
        except OSError:  # another file system
            shutil.copy2(program, draft)
    draft.replace(place)
    draft.unlink(missing_ok=True)  # still there when both were the same file already


def _plugin_folder(provider: str) -> str:
    return f"resource-{provider}-v{version(f'pulumi-{provider}')}"


def official_pulumi(project_file: Path) -> dict[str, Path]:
    """Find an installed Pulumi with its Python host, of a version that the project accepts."""
    command = shutil.which("pulumi")
    if not command:
        return {}
    folder = Path(command).resolve().parent
    programs = {name: folder / name for name in ("pulumi", *LANGUAGE_HOST)}
    if not all(path.exists() for path in programs.values()):
        return {}  # not a whole installation: ours, for one, put on the path by `make env`
    asked = subprocess.run([command, "version"], check=False, capture_output=True, text=True)
    found = asked.stdout.strip().removeprefix("v")
    return programs if accepts(_required_range(project_file), found) else {}


def _official_providers() -> dict[str, Path]:
    """Find plugins of the wanted versions that `pulumi plugin install` once fetched."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    found: dict[str, Path] = {}
    for name in PROVIDERS:
        program = f"pulumi-resource-{name}"
        path = home / "plugins" / _plugin_folder(name) / program
        if path.exists():
            found[program] = path
    return found


def _required_range(project_file: Path) -> str:
    try:
        project = yaml.safe_load(project_file.read_text())
    except FileNotFoundError:
        raise DevkitError(
            f"{project_file} does not exist", "run this in a checkout of the project"
        ) from None
    return str(project.get("requiredPulumiVersion") or ">=3.0.0")


def accepts(wanted: str, found: str) -> bool:
    """Whether version `found` is in a range such as `>=3.259.0 <4.0.0 || 5.0.0`."""
    if not semver.Version.is_valid(found):
        return False
    number = semver.Version.parse(found)
    return any(
        all(number.match(term) for term in re.sub(r"([<>=!]+)\s+", r"\1", part).split())
        for part in wanted.split("||")
    )
