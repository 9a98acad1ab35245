"""`python -m devkit`: see README.md beside this file."""

import argparse
import sys
from collections.abc import Sequence

from devkit import commands
from devkit.errors import DevkitError
from devkit.workspace import Workspace

OF_ONE_SITE = {"up": commands.up, "preview": commands.preview, "env": commands.env}
OF_ALL_SITES = {"down": commands.down, "status": commands.status, "clean": commands.clean}
INTERRUPTED = 130
"""Exit code of a program that Ctrl-C ended, by the shells' convention."""


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
    nouns.add_parser("tools", help=commands.tools.__doc__)
    nouns.add_parser("images", help=commands.images.__doc__)
    go = nouns.add_parser("go", help=commands.go_command.__doc__)
    go.add_argument("arguments", nargs=argparse.REMAINDER)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0, or the exit code of what went wrong."""
    given = parser().parse_args(argv)
    workspace = Workspace.from_environment()
    try:
        if given.command in OF_ONE_SITE:
            OF_ONE_SITE[given.command](workspace, given.site)
        elif given.command in OF_ALL_SITES:
            sites = [given.site] if given.site else workspace.started_sites()
            OF_ALL_SITES[given.command](workspace, sites)
        elif given.command == "tools":
            commands.tools(workspace)
        elif given.command == "images":
            commands.images(workspace)
        elif given.command == "go":
            return commands.go_command(workspace, given.arguments)
        else:
            return commands.kubectl(workspace, given.site, given.arguments)
    except DevkitError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"error: {error.strerror or error}: {error.filename or given.command}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stopped; the same command continues\n")
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
