"""What each command of the devkit does."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from devkit import addresses, build, golang, toolchain
from devkit.cluster import Cluster
from devkit.errors import DevkitError
from devkit.images import store
from devkit.lock import only_one
from devkit.node import supplies
from devkit.node.enclosure import Enclosure, why_not
from devkit.offers import Offers
from devkit.progress import duration, say
from devkit.stack import Stack
from devkit.workspace import Workspace

DESCRIBED = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "replace": "replaced",
    "same": "unchanged",
}
"""Pulumi's names for what happened to resources, in words."""

NEXT = (
    ("make preview SITE={site}", "what a change in the site file would do"),
    ('eval "$(make -s env SITE={site})"', "point pulumi and kubectl of this shell at the site"),
    ("make status", "what runs"),
    ("make down", "stop it; make up goes on from there"),
)
"""Commands to go on with after `up`, and what each is for."""


def up(workspace: Workspace, site: str) -> None:
    """Bring a site up and show its addresses."""
    with only_one(workspace.home / f"{site}.lock", f"at work on {site}"):
        stack = _ready_stack(workspace, site)
        stack.continue_interrupted()
        changes = stack.up()
        _report(stack, changes)


def preview(workspace: Workspace, site: str) -> None:
    """Show what `up` would change."""
    with only_one(workspace.home / f"{site}.lock", f"at work on {site}"):
        _ready_stack(workspace, site).preview()


def down(workspace: Workspace, sites: Sequence[str]) -> None:
    """Stop the embedded clusters; what they hold is kept for the next `up`."""
    for site in sites:
        ended = _cluster(workspace, site).stop()
        say(f"{site}: {f'{ended} processes ended' if ended else 'nothing was running'}")
    if not sites:
        say("nothing was ever started here")


def clean(workspace: Workspace, sites: Sequence[str]) -> None:
    """Stop the embedded clusters and forget everything about these sites."""
    down(workspace, sites)
    for site in sites:
        for folder in (workspace.cluster(site), workspace.home / "stacks" / site):
            shutil.rmtree(folder, ignore_errors=True)
        for path in (workspace.home / "state" / ".pulumi").glob(f"*/**/{site}*"):
            if path.name.split(".")[0] == site:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not workspace.started_sites():
        shutil.rmtree(workspace.home, ignore_errors=True)
    say(f"the tools stay in {workspace.cache} for the next time")


def status(workspace: Workspace, sites: Sequence[str]) -> None:
    """Show each cluster's processes."""
    for site in sites:
        cluster = _cluster(workspace, site)
        running = [daemon for daemon in cluster.daemons if daemon.pid()]
        memory = sum(daemon.memory() for daemon in running)
        say(
            f"{site}: {len(running)} of {len(cluster.daemons)} processes run, {memory} MiB resident"
        )
        for daemon in cluster.daemons:
            pid = daemon.pid()
            state = f"process {pid}, {daemon.memory()} MiB" if pid else "does not run"
            say(f"  {daemon.name:<24} {state}, {daemon.log}")
    if not sites:
        say("nothing was ever started here; `make up` starts the site `local`")


def env(workspace: Workspace, site: str) -> None:
    """Print shell commands that make `pulumi` and `kubectl` work on an embedded site."""
    workspace.site_file(site)
    stack = _stack(workspace, site, toolchain.ensure(workspace))
    for name, value in stack.environ().items():
        if os.environ.get(name) != value:
            say(f"export {name}={shlex.quote(value)}")


def kubectl(workspace: Workspace, site: str, arguments: Sequence[str]) -> int:
    """Run kubectl on an embedded cluster."""
    kubeconfig = _cluster(workspace, site).kubeconfig
    if not kubeconfig.exists():
        raise DevkitError(f"there is no cluster of {site!r}", f"start it with make up SITE={site}")
    program = toolchain.ensure(workspace).cluster / "bin" / "kubectl"
    return subprocess.call([program, f"--kubeconfig={kubeconfig}", *arguments])


def tools(workspace: Workspace) -> None:
    """Build the tools, where that was not done before."""
    ready = toolchain.ensure(workspace)
    installed = f", and as installed: {', '.join(ready.official)}" if ready.official else ""
    say(f"the tools are in {ready.cluster / 'bin'}{installed}")


def images(workspace: Workspace) -> None:
    """Build the container images of a test site, where that was not done before."""
    ready = store.build(workspace.cache)
    for built in ready:
        state = "cached" if built.seconds is None else f"built in {duration(built.seconds)}"
        say(f"{built.image.reference:<34} {built.mebibytes:>4} MiB  {state}")
    say(f"the archives are in {ready[0].path.parent}")


def go_command(workspace: Workspace, arguments: Sequence[str]) -> int:
    """Run the Go command that builds the tools, in the folder of their module."""
    command = golang.find(build.MODULE, workspace.cache)
    environ = build.settings(os.environ)
    return subprocess.call([command, *arguments], cwd=build.MODULE, env=environ)


def enclosed(workspace: Workspace, arguments: Sequence[str], *, anyway: bool) -> int:
    """Run a program where the real nodes are, in Linux namespaces that are made for them."""
    reason = why_not()
    if anyway and reason:
        say(f"no real node can run here: {reason}")
        return subprocess.call(arguments)
    # Ledgers and logs of containers are nobody else's business.
    workspace.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not reason:
        supplies.ensure(workspace)
    enclosure = Enclosure(workspace.home / "enclosure")
    enclosure.ensure()
    return enclosure.run(arguments)


def release(workspace: Workspace) -> None:
    """End the real nodes with everything on them, and forget their sites."""
    enclosure = Enclosure(workspace.home / "enclosure")
    if not enclosure.folder.exists():
        say("no real node was running")
        return
    there = enclosure.release()
    for site in workspace.started_sites():  # embedded ones beside them
        _cluster(workspace, site).stop()
    shutil.rmtree(workspace.home, ignore_errors=True)
    say("the real nodes have ended" if there else "what real nodes left is removed")


def _ready_stack(workspace: Workspace, site: str) -> Stack:
    """Build the tools, start the cluster and renew the configuration of a site's stack."""
    offers = Offers.from_site_file(workspace.site_file(site), site)
    stack = _stack(workspace, site, toolchain.ensure(workspace))
    if not stack.cluster.start(offers):
        say(f"the cluster of {site} is running")
    stack.prepare()
    return stack


def _stack(workspace: Workspace, site: str, tools: toolchain.Toolchain) -> Stack:
    return Stack(site, workspace, tools, Cluster(site, workspace.cluster(site), tools.cluster))


def _cluster(workspace: Workspace, site: str) -> Cluster:
    """Name a cluster to look at or to stop, for which no tools are needed."""
    return Cluster(site, workspace.cluster(site), Path())


def _report(stack: Stack, changes: dict[str, int]) -> None:
    counts = ", ".join(f"{number} {DESCRIBED.get(kind, kind)}" for kind, number in changes.items())
    if set(changes) <= {"same"}:
        counts = (
            f"nothing changed: all {changes.get('same', 0)} resources are as the site file says"
        )
    say(f"\n{stack.site}: {counts}")
    outputs = addresses.table(stack.outputs())
    if outputs:
        say(f"\n{outputs}")
    say("\nThe nodes are simulated: every object is real, no container runs, no address answers.")
    say("Next:")
    for command, purpose in NEXT:
        say(f"  {command.format(site=stack.site):<{28 + len(stack.site)}}  {purpose}")
