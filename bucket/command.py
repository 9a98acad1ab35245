"""The command line of what makes a bucket, or sees whether it is as it must be.

Nothing that is there is removed or weakened. The keys are those of whoever asks, from
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or wherever else Amazon's tools find them.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bucket.life_cycle import LifeCycle
from bucket.properties import properties
from bucket.seen import Seen
from bucket.store import Bucket, Place, bucket_at
from verify import report
from verify.authority import authority
from verify.finding import Finding, UnaskedError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what every such command takes."""
    parser.add_argument("--ca", type=Path, help="certificate authority, else the usual ones")
    parser.add_argument("--json", action="store_true", help="a list of objects, not a table")


def run(
    given: argparse.Namespace, place: Callable[[argparse.Namespace], Place], life_cycle: LifeCycle
) -> int:
    """Make or look, tell, and return the exit code.

    `given.what` is ``create`` or ``check``; ``place`` reads from the rest where the bucket is.
    """

    def findings_of() -> Sequence[Finding]:
        bucket = bucket_at(place(given), authority(given.ca))
        return list(findings(bucket, life_cycle, create=given.what == "create"))

    return report.tell(findings_of, as_json=given.json)


def findings(bucket: Bucket, life_cycle: LifeCycle, *, create: bool) -> Iterator[Finding]:
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
    for question, see in properties(life_cycle).items():
        try:
            yield _finding(bucket, question, see, create=create)
        except UnaskedError as error:
            yield Finding(bucket.name, question, "unasked", str(error))


def _finding(
    bucket: Bucket, question: str, see: Callable[[Bucket], Seen], *, create: bool
) -> Finding:
    seen = see(bucket)
    told = seen.told
    if create and not seen.good and seen.mend:
        seen.mend()
        seen = see(bucket)
        told = f"made: {seen.told}" if seen.good else f"the store took it, and still: {seen.told}"
    return Finding(bucket.name, question, "right" if seen.good else "wrong", told)
