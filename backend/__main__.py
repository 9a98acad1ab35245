"""`python -m backend`: the bucket in which Pulumi keeps the state of every site.

`create` makes what is missing of it and `check` only looks; `versions` lists what the state of a
stack once was, and `restore` puts one of these in the place of the present one. The keys are those
of whoever asks, from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or wherever else Amazon's tools
find them. Exit code: 0 where everything is right, 1 where something is not or is refused, 2 where
it could not be asked.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

from backend.state import RefusedError, State, Version, state_of
from backend.url import FORM, BackendUrl, backend_url
from bucket import command
from bucket.life_cycle import LifeCycle
from bucket.store import Place, bucket_at
from verify.authority import authority
from verify.finding import UNASKED, UnaskedError

REFUSED = 1
LIFE_CYCLE = LifeCycle(replaced_days=90, half_days=7)
"""A run writes a version at each of its steps, and Pulumi keeps the last one of each run for ever
itself, so that these are for the quarter of a year in which somebody may notice that something is
wrong. No state takes a week to be written."""
_WIDTH = 160
"""Columns, so that no identifier is cut, which somebody will want to copy."""
_PROJECT_FILE = Path(__file__).resolve().parent.parent / "Pulumi.yaml"

_VERBS = {
    "create": "make what is missing",
    "check": "only look",
    "versions": "what the state of a stack once was",
    "restore": "put an older state back",
}


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m backend", description=__doc__)
    verbs = top.add_subparsers(dest="what", required=True)
    for what, told in _VERBS.items():
        verb = verbs.add_parser(what, help=told)
        verb.add_argument(
            "--url",
            default=os.environ.get("PULUMI_BACKEND_URL", ""),
            help=f"as for pulumi login, {FORM}; else PULUMI_BACKEND_URL",
        )
        command.add_options(verb)
        if what in {"versions", "restore"}:
            verb.add_argument("--stack", required=True, help="its name, which is the site's")
        if what == "versions":
            verb.add_argument("--all", action="store_true", help="also those in the middle of runs")
        if what == "restore":
            verb.add_argument("--version", required=True, help="which, as `versions` names it")
    return top


def _url(given: argparse.Namespace) -> BackendUrl:
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return backend_url(given.url, region)


def _place(given: argparse.Namespace) -> Place:
    return _url(given).place


def _state(given: argparse.Namespace) -> State:
    url = _url(given)
    project = yaml.safe_load(_PROJECT_FILE.read_text(encoding="utf-8"))["name"]
    return state_of(bucket_at(url.place, authority(given.ca)), url.folder, project, given.stack)


def _tell_versions(given: argparse.Namespace) -> int:
    state = _state(given)
    versions, locks = state.versions(), state.locks()
    if not versions:
        raise UnaskedError(f"the bucket has no state of a stack {given.stack}, and never had")
    if not given.all and any(version.after for version in versions):
        versions = [version for version in versions if version.after or version.present]
    if given.json:
        told = {"versions": [version.data for version in versions], "locks": locks}
        json.dump(told, sys.stdout, indent=2)
        sys.stdout.write("\n")
        return 0
    rows = Table("written", "version", "bytes", "after", "", box=None, pad_edge=False)
    for version in versions:
        rows.add_row(*map(Text, _cells(version)))
    console = Console(file=sys.stdout, highlight=False, soft_wrap=True, width=_WIDTH)
    console.print(rows)
    for lock in locks:
        console.print(Text(f"locked by {lock}"))
    return 0


def _cells(version: Version) -> tuple[str, ...]:
    present = "present" if version.present else ""
    return version.time, version.id, str(version.size), version.after, present


def _restore(given: argparse.Namespace) -> int:
    before = _state(given).restore(given.version)
    kept = f"the one before it is version {before.id}" if before else "there was none"
    sys.stdout.write(
        f"the state of {given.stack} is version {given.version} again; {kept}\n"
        f"nothing else was changed: pulumi preview --refresh --stack {given.stack} "
        "shows what differs now\n"
    )
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Do what is asked for, tell, and return the exit code."""
    given = parser().parse_args(argv)
    if given.what in {"create", "check"}:
        return command.run(given, _place, LIFE_CYCLE)
    try:
        return _tell_versions(given) if given.what == "versions" else _restore(given)
    except RefusedError as refused:
        sys.stderr.write(f"error: {refused}\n")
        return REFUSED
    except UnaskedError as error:
        sys.stderr.write(f"error: {error}\n")
        return UNASKED


if __name__ == "__main__":
    sys.exit(main())
