"""`python -m report`: what a change would do, as one comment on a pull request.

`preview` reads what `pulumi preview --json` printed for some sites; `render` compares what the
program registers before and after, without engine, cluster or secret; `touched` lists the sites of
which anything differs. Exit code: 0 where nothing needs an approval that it has not, 1 where
something does or a site is refused, 2 where it could not be told.
"""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rendering.engine import ROOT
from report.approval import FILE, Approval, approvals, judged
from report.change import SiteChanges
from report.checkout import checkout
from report.comment import comment, full
from report.danger import dangers
from report.outcome import Outcome
from report.preview import previewed
from report.rendered import compared
from report.touched import touched
from verify.finding import UNASKED, UnaskedError


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m report", description=__doc__)
    modes = top.add_subparsers(dest="mode", required=True)
    preview = modes.add_parser("preview", help="from what `pulumi preview --json` printed")
    preview.add_argument(
        "--site", action="append", required=True, metavar="NAME=FILE", help="a site's preview"
    )
    preview.add_argument("--base", help="whose approvals do not count: a folder or a revision")
    render = modes.add_parser("render", help="from what the program registers")
    sites = modes.add_parser("touched", help="the sites of which anything differs")
    for mode in (render, sites):
        mode.add_argument("--base", required=True, help="before: a folder or a revision")
    for mode in (preview, render, sites):
        mode.add_argument("--head", type=Path, default=ROOT, help="after: a folder, else this one")
        mode.add_argument("--json", action="store_true", help="for programs")
    for mode in (preview, render):
        mode.add_argument("--full", type=Path, help="write the uncut report here as well")
        mode.add_argument(
            "--today", type=dt.date.fromisoformat, help="the day, else today's in UTC"
        )
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Tell, and return the exit code."""
    given = parser().parse_args(argv)
    try:
        with ExitStack() as stack:
            base = stack.enter_context(checkout(given.base, ROOT)) if given.base else None
            if given.mode == "preview":
                return _report(given, [_previewed(text) for text in given.site], base)
            assert base is not None  # noqa: S101 -- argparse demands it
            sites = compared(base, given.head)
            if given.mode == "touched":
                return _touched(given, touched(sites, base, given.head))
            return _report(given, sites, base)
    except UnaskedError as error:
        sys.stderr.write(f"error: {error}\n")
        return UNASKED


def _previewed(text: str) -> SiteChanges:
    name, found, path = text.partition("=")
    if not (name and found and path):
        raise UnaskedError(
            f"--site: given {text!r}; allowed: NAME=FILE, such as summit=summit.json"
        )
    return previewed(name, Path(path))


def _touched(given: argparse.Namespace, names: Sequence[str]) -> int:
    if given.json:
        sys.stdout.write(f"{json.dumps(list(names))}\n")
    else:
        sys.stdout.writelines(f"{name}\n" for name in names)
    return 0


def _report(given: argparse.Namespace, sites: Sequence[SiteChanges], base: Path | None) -> int:
    ours = approvals(given.head / FILE)
    before: tuple[Approval, ...] = approvals(base / FILE) if base else ()
    today = given.today or dt.datetime.now(dt.UTC).date()
    outcome = Outcome.of(sites, judged(dangers(sites), ours, before, today))
    if given.full:
        given.full.write_text(full(outcome), encoding="utf-8")
    if given.json:
        json.dump(outcome.data, sys.stdout, indent=2)
        sys.stdout.write("\n")
        return outcome.exit_code
    kept_in = (
        f"All of it is in {given.full.name}." if given.full else "--full FILE writes all of it."
    )
    sys.stdout.write(comment(outcome, kept_in).text)
    return outcome.exit_code


if __name__ == "__main__":
    sys.exit(main())
