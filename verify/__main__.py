"""`python -m verify`: ask a deployed site from outside whether it is what was planned.

Exit code: 0 where everything is as planned, 1 where something is not, 2 where it could not be
asked.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from verify import brokers, handshake, pages, report
from verify.authority import authority
from verify.finding import Finding
from verify.plan import Plan, read_outputs


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m verify", description=__doc__)
    top.add_argument("--site", required=True, help="the stack's name")
    top.add_argument("--outputs", type=Path, help="file with its outputs, else Pulumi is asked")
    top.add_argument("--ca", type=Path, help="certificate authority, else the system's")
    top.add_argument("--user", help="who logs in at the brokers, else the first")
    top.add_argument("--json", action="store_true", help="a list of objects, not a table")
    return top


def verify(plan: Plan, user: str | None, trusted: Path | None) -> list[Finding]:
    """Ask everything; where nobody answers at all, nothing was asked."""
    findings = [*_ask_brokers(plan, user, trusted)]
    for name, url in plan.pages.items():
        findings += pages.ask_page(name, url, trusted)
    if any(finding.question == "TLS" for finding in findings):
        return findings
    return [replace(finding, state="unasked") for finding in findings]


def _ask_brokers(plan: Plan, user: str | None, trusted: Path | None) -> Iterator[Finding]:
    if plan.bootstrap is None:
        return
    who = plan.user(user)
    addresses = dict.fromkeys((plan.bootstrap, *plan.brokers))
    # They all have the one certificate of the site.
    hosts = {handshake.split(address)[0] for address in addresses}
    for address in addresses:
        yield from handshake.ask(address, hosts, trusted)
    if who:
        yield from brokers.ask(plan, who, trusted)
    else:
        yield Finding("brokers", "login", "unasked", "the site has no user")


def main(argv: Sequence[str] | None = None) -> int:
    """Ask, tell, and return the exit code."""
    given = parser().parse_args(argv)

    def findings() -> list[Finding]:
        trusted = authority(given.ca)
        plan = Plan.of(read_outputs(given.site, given.outputs))
        return verify(plan, given.user, trusted)

    return report.tell(findings, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
