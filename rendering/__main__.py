"""`python -m rendering`: everything that a checkout's program would register, as JSON.

Neither an engine nor a cluster nor a secret is needed. Values that are secret, and all generated
ones, are told as the word CANARY and a digest: the same for the same name, whatever the state.
"""

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pulumi

from rendering.engine import ROOT
from rendering.registration import Registration
from rendering.site_file import SiteFile, site_files


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m rendering", description=__doc__)
    top.add_argument("sites", nargs="*", help="stacks' names; without any, every site")
    top.add_argument("--program", type=Path, default=ROOT, help="the checkout, else this one")
    return top


def rendered(site: SiteFile, root: Path) -> dict[str, Any]:
    """Return what the program of ``root`` registers for ``site``, or why it refuses."""
    try:
        run = site.run(root)
    except pulumi.RunError as error:
        return {"error": str(error)}
    return {
        "resources": [_told(resource) for resource in sorted(run.resources, key=_place)],
        "outputs": run.outputs,
        "warnings": list(run.warnings),
    }


def _place(resource: Registration) -> str:
    return resource.urn


def _told(resource: Registration) -> dict[str, Any]:
    told = dataclasses.asdict(resource)
    return {
        **told,
        "secret_paths": sorted(resource.secret_paths, key=str),
        "dependencies": sorted(resource.dependencies),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Print each site's registrations by its name."""
    given = parser().parse_args(argv)
    root = given.program.resolve()
    sys.path.insert(0, str(root))
    sites = {site.name: site for site in site_files(root)}
    unknown = sorted(set(given.sites) - set(sites))
    if unknown:
        have = ", ".join(sites)
        sys.stderr.write(f"error: no site {', '.join(unknown)} in {root}; there are: {have}\n")
        return 2
    wanted = given.sites or list(sites)
    json.dump({name: rendered(sites[name], root) for name in wanted}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
