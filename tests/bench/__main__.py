"""`make bench`: ratios of Pulumi with the program to kubectl without, on one machine in one run."""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from devkit import toolchain
from devkit.errors import DevkitError
from devkit.workspace import Workspace
from tests.bench import rounds
from tests.bench.figures import REFERENCE, figures, table
from tests.bench.stopwatch import Stopwatch


def main() -> int:
    """Measure, print the table; 0 whether the aims are met or not, for other work disturbs."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, of which the median")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="efd-bench-"))
    watch = Stopwatch()
    try:
        tools = toolchain.ensure(_workspace(folder))
        program = [rounds.program(watch) for _ in range(given.rounds)]
        summit = rounds.Summit.prepared(folder, tools, watch)
        with summit.deployment.running():
            objects = [_round(summit, number, given.rounds) for number in range(given.rounds)]
    except DevkitError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found = figures(watch, max(each["peak"] for each in program))
    if given.json:
        answer = {"figures": [f.plain() for f in found], "summitObjects": objects[0]}
        sys.stdout.write(json.dumps(answer, indent=2) + "\n")
    else:
        sites = f"{program[0]['sites']} sites, {program[0]['objects']} objects"
        sys.stdout.write(f"\n{sites}; Summit: {objects[0]} objects\n\n{table(found)}\n\n")
        sys.stdout.write(f"{REFERENCE}\n")
    return 0


def _workspace(folder: Path) -> Workspace:
    ours = Workspace.from_environment()
    return Workspace(ours.project, ours.sites, folder / "home", ours.cache)


def _round(summit: rounds.Summit, number: int, of: int) -> int:
    sys.stderr.write(f"round {number + 1} of {of}\n")
    return summit.round()


if __name__ == "__main__":
    sys.exit(main())
