"""`python -m sandbox`: sites on clusters of their own, which end by themselves.

A site file with a section `cloud` asks for Google Cloud, where PULUMI_BACKEND_URL says where
everybody's states are; one without asks for embedded clusters of this machine. Exit code: 0 where
all is as it must be, 1 where something is not, 2 where it could not be asked.
"""

import argparse
import getpass
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from devkit.errors import DevkitError
from devkit.workspace import Workspace
from efd_infra.config.mistake import SiteError
from efd_infra.config.site import Site
from efd_infra.config.values import Duration
from sandbox import life, tables
from sandbox.description import described, in_project, parsed, read
from sandbox.embedded import Embedded
from sandbox.ending import end
from sandbox.errors import SandboxError, UnaskedError
from sandbox.gke import Gke
from sandbox.ground import Folders, Ground
from sandbox.marks import NAME, Marks
from sandbox.reaper import Reaper, exit_code
from sandbox.smoke import Smoke

_PATIENCE = "10m"
_SITE_FILE = "Pulumi.sandbox.yaml"


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    top.add_argument("--site-file", type=Path, help=f"else EFD_SANDBOX_SITE_FILE, or {_SITE_FILE}")
    verbs = top.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        verb = verbs.add_parser(command, help=COMMANDS[command].__doc__)
        verb.add_argument("--site-file", type=Path, default=argparse.SUPPRESS)
        if command in ("create", "extend", "destroy"):
            verb.add_argument("name", type=_name, help="lower-case letters and digits, at most 16")
        if command in ("create", "extend"):
            verb.add_argument(
                "--ttl",
                type=_duration,
                default="8h" if command == "create" else None,
                required=command == "extend",
                help="how long from now, at most 7d",
            )
        if command == "create":
            verb.add_argument("--owner", help="whose it is, else who asks")
        if command in ("destroy", "reap"):
            verb.add_argument(
                "--patience", type=_duration, default=_PATIENCE, help="to go in order"
            )
        if command in ("list", "reap"):
            verb.add_argument("--json", action="store_true", help="a list of objects, not a table")
    return top


def create(ground: Ground, given: argparse.Namespace) -> int:
    """make a sandbox, or go on with one that is half made"""  # noqa: D400, D403 -- of the help
    common = given.common
    before = life.known(ground, given.name)
    marks = before if before and before.end > _now() else _marks(given)
    site = parsed(described(common, marks))
    tables.costs(site, (marks.end - _now()).total_seconds() / 3600, sys.stdout)
    authority = life.create(ground, marks, common, _say)
    pods = life.pods(ground, marks)
    late = sorted(name for name, ready in pods.items() if not ready)
    _say(f"{len(pods)} pods, {len(late)} of them not ready: {', '.join(late)}".rstrip(": "))
    try:
        works = bool(pods) and not late and _smoke(ground, marks, site, authority)
    finally:
        tables.addresses(ground.engine.outputs(marks.stack), marks.stack, authority, sys.stdout)
        _say(f"it ends {marks.end:%Y-%m-%d %H:%M} UTC; python -m sandbox extend {marks.name}")
    return 0 if works else 1


def _smoke(ground: Ground, marks: Marks, site: Site, authority: Path | None) -> bool:
    """Tell whether records go through it, as far as that can be tried."""
    if ground.simulated:
        _say("no record was sent: its nodes are simulated, and no container runs")
        return True
    found = Smoke(site, ground.command(marks), authority).run(_say)
    for line in found.lines():
        _say(line)
    return found.complete


def extend(ground: Ground, given: argparse.Namespace) -> int:
    """let a sandbox live longer, or shorter"""  # noqa: D400, D403 -- of the help
    before = life.known(ground, given.name)
    if before is None:
        raise SandboxError(f"there is no sandbox {given.name} → list shows those that there are")
    marks = replace(before, end=_end(given))
    life.extend(ground, marks)
    _say(f"{marks.name} ends {marks.end:%Y-%m-%d %H:%M} UTC")
    return 0


def destroy(ground: Ground, given: argparse.Namespace) -> int:
    """end a sandbox now, whole or half made"""  # noqa: D400, D403 -- of the help
    marks = life.known(ground, given.name) or Marks(name=given.name, owner="", end=_now())
    for told in end(ground, marks, _seconds(given.patience)):
        _say(told)
    _say(f"nothing is left of {marks.name}")
    return 0


def show(ground: Ground, given: argparse.Namespace) -> int:
    """list sandboxes"""  # noqa: D400, D403 -- of the help
    found = list(Reaper(ground=ground, now=_now(), patience=0).look())
    tables.verdicts(found, sys.stdout, as_json=given.json)
    return exit_code(found)


def reap(ground: Ground, given: argparse.Namespace) -> int:
    """remove the sandboxes that have ended"""  # noqa: D400, D403 -- of the help
    reaper = Reaper(ground=ground, now=_now(), patience=_seconds(given.patience))
    found = list(reaper.reap())
    tables.verdicts(found, sys.stdout, as_json=given.json)
    return exit_code(found)


COMMANDS: Mapping[str, Callable[[Ground, argparse.Namespace], int]] = {
    "create": create,
    "list": show,
    "extend": extend,
    "destroy": destroy,
    "reap": reap,
}


def ground_of(site: Mapping[str, Any], environ: Mapping[str, str]) -> Ground:
    """Return where the sandboxes of a site file are."""
    folders = Folders.from_environment(environ)
    if cloud := site.get("cloud"):
        return Gke(str(cloud.get("project", "")), folders)  # pyright: ignore[reportReturnType] -- its properties are cached
    cache = Workspace.from_environment(environ).cache
    return Embedded(Workspace(folders.project, folders.project, folders.home, cache))


def _marks(given: argparse.Namespace) -> Marks:
    owner = given.owner or os.environ.get("EFD_SANDBOX_OWNER") or getpass.getuser()
    owner = re.sub(r"[^a-z0-9_-]", "-", owner.lower()).strip("-_")[:63]
    return Marks(name=given.name, owner=owner or "unknown", end=_end(given))


def _end(given: argparse.Namespace) -> datetime:
    length = timedelta(seconds=_seconds(given.ttl))
    if length > life.LONGEST:
        raise SandboxError(f"--ttl {given.ttl} is more than {life.LONGEST.days}d → extend it later")
    return (_now() + length).replace(microsecond=0)


def _now() -> datetime:
    return datetime.now(UTC)


def _seconds(duration: str) -> float:
    return Duration(duration).seconds


def _duration(text: str) -> str:
    if not re.fullmatch(Duration.pattern, text):
        raise argparse.ArgumentTypeError(f"{text!r} is not {Duration.allowed}")
    return text


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a name: a lower-case letter, then at most 15 letters and digits"
        )
    return text


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(
    argv: Sequence[str] | None = None,
    grounds: Callable[[Mapping[str, Any], Mapping[str, str]], Ground] = ground_of,
) -> int:
    """Run one command, and return its exit code; ``grounds`` says where sandboxes are."""
    given = parser().parse_args(argv)
    usual = os.environ.get("EFD_SANDBOX_SITE_FILE") or _SITE_FILE
    path = given.site_file or Folders.from_environment(os.environ).project / usual
    try:
        given.common = in_project(read(path), os.environ.get("EFD_SANDBOX_PROJECT", ""))
        return COMMANDS[given.command](grounds(given.common, os.environ), given)
    except UnaskedError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except (SandboxError, SiteError, DevkitError) as error:
        sys.stderr.write(f"error: {str(error).removeprefix('error: ')}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
