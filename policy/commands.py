"""`python -m policy`: judge the objects of every site, by the rules and by kube-score.

The sites of one folder are also judged beside each other: what is one's cannot be another's too.

Neither an engine nor a cluster nor a secret is needed. The exit code is 0 where all is as it must
be, 1 where something new was found or a waiver has expired or means nothing, and 2 where a site or
a scanner could not be asked.
"""

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import pulumi

from devkit.errors import DevkitError
from devkit.workspace import Workspace
from efd_infra.config.mistake import SiteError
from efd_infra.config.parsing import parse_site
from policy import across_sites, scanner
from policy.finding import Finding
from policy.rules import RULES
from policy.verdict import Verdict, judge
from policy.violation import title
from policy.waivers import RULES as OWN
from policy.waivers import read_waivers
from rendering.engine import ROOT
from rendering.recording import Run
from rendering.site_file import SiteFile, site_files


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m policy", description=__doc__)
    top.add_argument("--sites", type=Path, default=ROOT, help="the folder of the site files")
    top.add_argument("--rules-only", action="store_true", help="without kube-score")
    top.add_argument("--json", action="store_true", help="print JSON")
    return top


def by_rules(site: str, run: Run) -> Iterator[Finding]:
    """Yield what breaks the rules in what a program registered."""
    for rule in RULES:
        for violation in rule.violations(run.resources):
            yield Finding(
                site=site,
                scanner=OWN,
                check=rule.name,
                object=title(violation.resource),
                words=str(violation).removeprefix(f"{title(violation.resource)} "),
            )


def by_neighbours(sites: Sequence[SiteFile]) -> Iterator[Finding]:
    """Yield what sites cannot have while the others have it."""
    together = [parse_site(site.description) for site in sites]
    for rule in across_sites.RULES:
        for mistake in rule(together):
            file, _, place = mistake.path.partition(", ")
            yield Finding(
                site=file.split(".")[1],
                scanner=OWN,
                check=rule.__name__,
                object=place,
                words=f"given {mistake.given}; allowed: {mistake.allowed}",
            )


def main(argv: Sequence[str] | None = None) -> int:
    """Judge every site and print a table."""
    given = parser().parse_args(argv)
    try:
        scanners = {OWN} if given.rules_only else {OWN, scanner.NAME}
        waivers = [waiver for waiver in read_waivers() if waiver.scanner in scanners]
        found = list(_found(given.sites, rules_only=given.rules_only))
    except (
        pulumi.RunError,
        SiteError,
        ValueError,
        OSError,
        DevkitError,
        scanner.ScannerError,
    ) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    verdict = judge(found, waivers, datetime.now(UTC).date())
    sys.stdout.write(_as_json(verdict) if given.json else as_table(verdict))
    return 0 if verdict.is_right else 1


def as_table(verdict: Verdict) -> str:
    """Return the verdict for people."""
    lines = [
        f"new      {each.site:<10} {each.scanner:<10} {each.check:<32} {each.object}: {each.words}"
        for each in verdict.new
    ]
    for waiver, count in verdict.waived.items():
        word = "expired" if waiver in verdict.expired else "waived" if count else "unused"
        lines.append(
            f"{word:<8} {f'{count} of':<10} {waiver.scanner:<10} {waiver.check:<32} "
            f"{waiver.object}, until {waiver.until}: {waiver.reason}"
        )
    total = f"{len(verdict.new)} new, {sum(verdict.waived.values())} waived, "
    total += f"{len(verdict.expired)} waivers expired, {len(verdict.unused)} unused"
    return "".join(f"{line}\n" for line in [*lines, total])


def _found(folder: Path, *, rules_only: bool) -> Iterator[Finding]:
    sites = site_files(folder)
    if not sites:
        raise ValueError(f"no site file in {folder}: Pulumi.<site>.yaml is wanted")
    program = None
    if not rules_only:
        with redirect_stdout(sys.stderr):  # how far a build is
            program = scanner.ensure(Workspace.from_environment().cache)
    yield from by_neighbours(sites)
    for site in sites:
        run = site.run(ROOT)
        yield from by_rules(site.name, run)
        if program:
            yield from scanner.findings(program, site.name, run.objects)


def _as_json(verdict: Verdict) -> str:
    told = {
        "new": [dataclasses.asdict(each) for each in verdict.new],
        "waived": [
            {**waiver.model_dump(mode="json"), "findings": count}
            for waiver, count in verdict.waived.items()
        ],
        "expired": [str(waiver) for waiver in verdict.expired],
        "unused": [str(waiver) for waiver in verdict.unused],
    }
    return json.dumps(told, indent=2) + "\n"
