"""`python -m devkit`: see README.md beside this file."""

import argparse
import sys
from collections.abc import Sequence

from devkit import commands
from devkit.errors import exit_code
from devkit.workspace import Workspace

OF_ONE_SITE = {"up": commands.up, "preview": commands.preview, "env": commands.env}
OF_ALL_SITES = {"down": commands.down, "status": commands.status, "clean": commands.clean}
OF_NO_SITE = {"tools": commands.tools, "images": commands.images, "release": commands.release}


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m devkit", description=__doc__)
    nouns = top.add_subparsers(dest="command", required=True)
    for name, command in OF_ONE_SITE.items():
        one = nouns.add_parser(name, help=command.__doc__)
        one.add_argument("--site", default="local", help="site file Pulumi.SITE.yaml")
    for name, each in OF_ALL_SITES.items():
        some = nouns.add_parser(name, help=each.__doc__)
        some.add_argument("--site", help="this site only")
    kubectl = nouns.add_parser("kubectl", help=commands.kubectl.__doc__)
    kubectl.add_argument("--site", default="local")
    kubectl.add_argument("arguments", nargs=argparse.REMAINDER)
    enclosed = nouns.add_parser("enclosed", help=commands.enclosed.__doc__)
    enclosed.add_argument("--anyway", action="store_true", help="outside, where it cannot be")
    enclosed.add_argument("arguments", nargs=argparse.REMAINDER)
    for name, only in OF_NO_SITE.items():
        nouns.add_parser(name, help=only.__doc__)
    go = nouns.add_parser("go", help=commands.go_command.__doc__)
    go.add_argument("arguments", nargs=argparse.REMAINDER)
    return top


def run(workspace: Workspace, given: argparse.Namespace) -> int:
    """Run the command that was given; its exit code."""
    name: str = given.command
    if name in OF_ONE_SITE:
        OF_ONE_SITE[name](workspace, given.site)
    elif name in OF_ALL_SITES:
        OF_ALL_SITES[name](workspace, [given.site] if given.site else workspace.started_sites())
    elif name in OF_NO_SITE:
        OF_NO_SITE[name](workspace)
    elif name == "kubectl":
        return commands.kubectl(workspace, given.site, given.arguments)
    elif name == "enclosed":
        return commands.enclosed(workspace, given.arguments, anyway=given.anyway)
    else:
        return commands.go_command(workspace, given.arguments)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0, or the exit code of what went wrong."""
    given = parser().parse_args(argv)
    return exit_code(lambda: run(Workspace.from_environment(), given), given.command)


if __name__ == "__main__":
    sys.exit(main())
