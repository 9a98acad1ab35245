"""`python -m drift`: what differs in a site's cluster from what was deployed there, and who did it.

`check` changes nothing. `take-back` gives fields that somebody has changed or added the values that
were deployed, with `--yes`; without, it tells which. `pulumi` and `kubectl` are asked, as they are
on the path. Exit code: 0 where nothing differs or all was put back, 1 where something differs, 2
where it could not be asked.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from drift import report
from drift.cluster import Cluster
from drift.difference import Difference, differences
from drift.stack import Stack
from drift.take_back import chosen, take_back
from verify.finding import UNASKED, UnaskedError
from verify.planned import planned_site

DIFFERS = 1


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m drift", description=__doc__)
    verbs = top.add_subparsers(dest="what", required=True)
    check = verbs.add_parser("check", help="only look")
    check.add_argument("--json", action="store_true", help="a list of objects, not a table")
    back = verbs.add_parser("take-back", help="give changed fields what was deployed")
    back.add_argument("objects", nargs="*", help="Kind/namespace/name, else all that differ")
    back.add_argument("--yes", action="store_true", help="do it, and do not only tell")
    for verb in (check, back):
        verb.add_argument("--site", required=True, help="the stack's name")
        verb.add_argument("--sites", type=Path, default=Path(), help="the folder of the site files")
        verb.add_argument("--config-file", type=Path, help="the stack's, if not its site file")
    return top


def _take_back(given: argparse.Namespace, stack: Stack, cluster: Cluster) -> int:
    found = chosen(differences(stack.refreshed(), cluster), given.objects)
    report.table(found, sys.stdout)
    if not given.yes:
        sys.stdout.write("nothing was done; --yes gives these fields what was deployed\n")
        return DIFFERS if found else 0
    for name in take_back(found, stack.resources(), cluster):
        sys.stdout.write(f"put back: {name}\n")
    left = sorted({one.resource.name for one in found if _is_left(one)})
    for name in left:
        sys.stdout.write(f"left to pulumi up --refresh --stack {given.site}: {name}\n")
    return DIFFERS if left else 0


def _is_left(one: Difference) -> bool:
    return one.kind == "gone" or not one.resource.is_object


def main(argv: Sequence[str] | None = None) -> int:
    """Look or put back, tell, and return the exit code."""
    given = parser().parse_args(argv)
    try:
        stack = Stack(given.site, given.config_file)
        cluster = Cluster(planned_site(given.site, given.sites).cluster.context)
        if given.what == "take-back":
            return _take_back(given, stack, cluster)
        found = differences(stack.refreshed(), cluster)
    except UnaskedError as error:
        sys.stderr.write(f"error: {error}\n")
        return UNASKED
    (report.as_json if given.json else report.table)(found, sys.stdout)
    return DIFFERS if found else 0


if __name__ == "__main__":
    sys.exit(main())
