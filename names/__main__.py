"""`python -m names`: compare the names in Route 53 with those of a site, or write them there.

`write` makes records that are missing and changes those that differ. It removes none, and touches
none but the site's own. The keys are those of whoever asks, from AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY or wherever else Amazon's tools find them. Exit code: 0 where every name is as
it must be, 1 where one is not, 2 where it could not be asked.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from efd_infra.config.dns_record import DnsRecord, zone_records
from efd_infra.config.site import Site
from names.zone import Held, Zone, wanted
from verify import report
from verify.finding import Finding, UnaskedError
from verify.planned import planned_site


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m names", description=__doc__)
    top.add_argument("what", choices=("check", "write"), help="only look, or write what differs")
    top.add_argument("--site", required=True, help="the stack's name")
    top.add_argument("--sites", type=Path, default=Path(), help="the folder of the site files")
    top.add_argument("--json", action="store_true", help="a list of objects, not a table")
    return top


def findings(zone: Zone, records: Sequence[DnsRecord], *, write: bool) -> Iterator[Finding]:
    """Yield what each name is like, after what differs was written if it is to be."""
    for record in records:
        try:
            yield _finding(zone, record, write=write)
        except UnaskedError as error:
            yield Finding(record.host, "record", "unasked", str(error))


def _finding(zone: Zone, record: DnsRecord, *, write: bool) -> Finding:
    held, right = zone.held(record.host), wanted(record)
    if held == (right,):
        return Finding(record.host, "record", "right", str(right))
    others = [each for each in held if each.type != record.type]
    if others:
        told = f"{_told(held)}; must be {right} alone: remove the other by hand"
        return Finding(record.host, "record", "wrong", told)
    if not write:
        return Finding(record.host, "record", "wrong", f"{_told(held)}; must be {right}")
    zone.write(record)
    now = zone.held(record.host)
    told = f"was {_told(held)}; written: {_told(now)}"
    return Finding(record.host, "record", "right" if now == (right,) else "wrong", told)


def _told(held: Sequence[Held]) -> str:
    return " and ".join(map(str, held)) or "nothing"


def _zone(site: Site) -> Zone:
    if site.dns is None:
        raise UnaskedError(f"site {site.name} has no section dns: somebody else makes its names")
    return Zone.of(site.dns)


def main(argv: Sequence[str] | None = None) -> int:
    """Compare or write, tell, and return the exit code."""
    given = parser().parse_args(argv)

    def compared() -> list[Finding]:
        site = planned_site(given.site, given.sites)
        return list(findings(_zone(site), zone_records(site), write=given.what == "write"))

    return report.tell(compared, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
