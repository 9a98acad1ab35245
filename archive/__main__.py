"""`python -m archive`: make the bucket of a site's archive, or see whether it is as it must be.

Nothing that is there is removed or weakened. The keys are those of whoever asks, from
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or wherever else Amazon's tools find them. Exit code: 0
where everything is right, 1 where something is not, 2 where it could not be asked.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bucket import command
from bucket.life_cycle import LifeCycle
from bucket.store import Place
from verify.finding import UnaskedError
from verify.planned import planned_site

LIFE_CYCLE = LifeCycle(replaced_days=90, half_days=7)
"""A quarter of a year in which somebody may notice that a file was replaced or removed. A connector
that starts again writes the files of its last minutes again, so that without an end there would be
more of them for ever. It has completed or given up each upload after an hour."""


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m archive", description=__doc__)
    command.add_options(top)
    top.add_argument("what", choices=("create", "check"), help="make what is missing, or only look")
    top.add_argument("--site", required=True, help="the stack's name")
    top.add_argument("--sites", type=Path, default=Path(), help="the folder of the site files")
    return top


def _place(given: argparse.Namespace) -> Place:
    found = planned_site(given.site, given.sites)
    if found.archive is None or found.archive.parquet is None:
        raise UnaskedError(f"site {given.site} has no section archive.parquet, and so no bucket")
    section = found.archive.parquet
    return Place(str(section.bucket), str(section.region), str(section.endpoint))


def main(argv: Sequence[str] | None = None) -> int:
    """Make or look, tell, and return the exit code."""
    return command.run(parser().parse_args(argv), _place, LIFE_CYCLE)


if __name__ == "__main__":
    sys.exit(main())
