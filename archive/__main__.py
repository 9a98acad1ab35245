"""`python -m archive`: make the bucket of a site's archive, or see whether it is as it must be.

Nothing that is there is removed or weakened. The keys are those of whoever asks, from
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or wherever else Amazon's tools find them. Exit code: 0
where everything is right, 1 where something is not, 2 where it could not be asked.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.bucket import Bucket, UnaskedError, bucket_of
from archive.properties import PROPERTIES
from archive.seen import Seen
from efd_infra.config.archive import ParquetSinkSection
from efd_infra.config.mistake import SiteError
from efd_infra.config.sites import sites_in
from verify import report
from verify.finding import Finding, exit_code

UNASKED = 2


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m archive", description=__doc__)
    top.add_argument("what", choices=("create", "check"), help="make what is missing, or only look")
    top.add_argument("--site", required=True, help="the stack's name")
    top.add_argument("--sites", type=Path, default=Path(), help="the folder of the site files")
    top.add_argument("--ca", type=Path, help="certificate authority, else the usual ones")
    top.add_argument("--json", action="store_true", help="a list of objects, not a table")
    return top


def findings(bucket: Bucket, *, create: bool) -> Iterator[Finding]:
    """Yield what each property is like, after what is missing was made if it is to be."""
    there = bucket.exists()
    if create and not there:
        bucket.make()
        yield Finding(bucket.name, "bucket", "right", "made")
    else:
        told = "there" if there else "there is none"
        yield Finding(bucket.name, "bucket", "right" if there else "wrong", told)
        if not there:
            return
    for question, see in PROPERTIES.items():
        try:
            yield _finding(bucket, question, see(bucket), create=create)
        except UnaskedError as error:
            yield Finding(bucket.name, question, "unasked", str(error))


def _finding(bucket: Bucket, question: str, seen: Seen, *, create: bool) -> Finding:
    told = seen.told
    if create and not seen.good and seen.mend:
        seen.mend()
        seen = PROPERTIES[question](bucket)
        told = f"made: {seen.told}" if seen.good else f"the store took it, and still: {seen.told}"
    return Finding(bucket.name, question, "right" if seen.good else "wrong", told)


def _section(site: str, folder: Path) -> ParquetSinkSection:
    try:
        found = sites_in(folder)(site)
    except SiteError as error:
        raise UnaskedError(str(error)) from None
    if found is None:
        raise UnaskedError(f"there is no file Pulumi.{site}.yaml in {folder.resolve()}")
    if found.archive is None or found.archive.parquet is None:
        raise UnaskedError(f"site {site} has no section archive.parquet, and so no bucket")
    return found.archive.parquet


def _authority(given: Path | None) -> Path | None:
    if given and not given.is_file():
        raise UnaskedError(f"there is no certificate authority {given}")
    return given


def main(argv: Sequence[str] | None = None) -> int:
    """Make or look, tell, and return the exit code."""
    given = parser().parse_args(argv)
    try:
        bucket = bucket_of(_section(given.site, given.sites), _authority(given.ca))
        found = list(findings(bucket, create=given.what == "create"))
    except UnaskedError as error:
        sys.stderr.write(f"error: {error}\n")
        return UNASKED
    (report.as_json if given.json else report.table)(found, sys.stdout)
    return exit_code(found)


if __name__ == "__main__":
    sys.exit(main())
