"""`python -m pages`: write the documents that are made from the site files and the program.

Exit code: 0 where the tree has them now, with `--check` 1 where it lacked some, 2 where a site file
is wrong.
"""

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pulumi

from efd_infra.config.mistake import SiteError
from pages.catalogue import documents
from pages.document import Comparison, State, compared, written
from rendering.engine import ROOT

_WRONG, _UNASKED = 1, 2
_DONE: dict[State, str] = {
    "right": "as it was",
    "missing": "made",
    "stale": "brought up to date",
    "surplus": "removed",
}


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m pages", description=__doc__)
    top.add_argument("--check", action="store_true", help="write nothing; fail where some differ")
    top.add_argument("--json", action="store_true", help="a list of objects, not a table")
    top.add_argument("--root", type=Path, default=ROOT, help="the repository, else this one")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Write or compare, tell, and return the exit code."""
    given = parser().parse_args(argv)
    try:
        made = documents(given.root)
    except (SiteError, pulumi.RunError) as error:
        sys.stderr.write(f"error: {error}\n")
        return _UNASKED
    found = (compared if given.check else written)(made, given.root)
    if given.json:
        json.dump([dataclasses.asdict(comparison) for comparison in found], sys.stdout)
    else:
        _tell(found, check=given.check)
    wrong = given.check and any(comparison.state != "right" for comparison in found)
    return _WRONG if wrong else 0


def _tell(found: Sequence[Comparison], *, check: bool) -> None:
    width = max(len(comparison.path) for comparison in found)
    for comparison in found:
        said = comparison.state if check else _DONE[comparison.state]
        sys.stdout.write(f"{comparison.path:<{width}}  {said}\n")


if __name__ == "__main__":
    sys.exit(main())
