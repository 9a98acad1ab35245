"""`python -m devkit.demo`: a small Summit to look at, left running until `down`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from devkit.demo import commands
from devkit.demo.demo import Demo, check_is_possible
from devkit.errors import DevkitError, exit_code
from devkit.node import enclosure
from devkit.progress import console, say
from devkit.workspace import Workspace

INSIDE = {
    "show": commands.show,
    "query": commands.query,
    "consume": commands.consume,
    "preview": commands.preview,
    "status": commands.status,
}
"""Commands that talk to the demo, which nobody outside its namespaces can."""


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m devkit.demo", description=__doc__)
    verbs = top.add_subparsers(dest="command", required=True)
    each = {name: verbs.add_parser(name, help=run.__doc__) for name, run in INSIDE.items()}
    each["show"].add_argument(
        "--seconds",
        type=float,
        help=f"end the table then; {commands.PLAIN_SECONDS:.0f} where there is no terminal",
    )
    each["show"].add_argument("--picture", type=Path, help="file for the last table, as SVG")
    each["query"].add_argument("question", nargs="?", default="", help="in InfluxQL")
    each["consume"].add_argument("--records", type=int, default=5)
    verbs.add_parser("down", help=down.__doc__)
    return top


def down(demo: Demo) -> int:
    """End the demo and remove everything of it."""
    check_is_possible()
    say("the demo has ended; nothing of it is left" if demo.remove() else "no demo was running")
    return 0


def enter(demo: Demo, argv: Sequence[str], *, may_start: bool) -> int:
    """Run the same command inside; its exit code."""
    check_is_possible()
    if may_start:
        demo.fetch()
        demo.enclosure.ensure()
    demo.check_is_there()
    # Ctrl-C is for the program inside. Ignoring is handed down to what enters with it, which would
    # else end first and leave the terminal to two at once.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = demo.enclosure.run([sys.executable, "-m", "devkit.demo", *argv])
    finally:
        signal.signal(signal.SIGINT, before)
    if code < 0:
        console.show_cursor()
        say("")
        raise DevkitError("the demo was ended meanwhile", "`make demo` starts it again")
    return code


def run(given: argparse.Namespace, arguments: Sequence[str]) -> int:
    """Run the command that was given, inside where it must be; its exit code."""
    demo = Demo.of(Workspace.from_environment())
    if given.command == "down":
        return down(demo)
    if not enclosure.is_inside():
        return enter(demo, arguments, may_start=given.command == "show")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return INSIDE[given.command](demo, given)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0, or the exit code of what went wrong."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    given = parser().parse_args(arguments)
    return exit_code(lambda: run(given, arguments), given.command)


if __name__ == "__main__":
    sys.exit(main())
