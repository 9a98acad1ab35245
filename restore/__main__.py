"""`python -m restore`: put what a backup holds back into a deployed site, and follow that.

Nothing is overwritten unless `--merge` says so. Exit code: 0 where all of it is back, 1 where it is
not, 2 where it could not be begun. A restore that was ended goes on when it is started again.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from efd_infra.config.contract import BACKUP_NAMESPACE
from efd_infra.config.site import Site
from efd_infra.manifests.workloads import CHRONOGRAF, KAPACITOR, RESTORE, Workload
from verify.finding import UnaskedError
from verify.planned import planned_site

NOT_BEGUN = 2
_FAILED, _SUCCEEDED = "Failed", "Complete"
_STARTED_AGAIN = {"chronograf": CHRONOGRAF, "kapacitor": KAPACITOR}
"""What takes up a file only when it starts."""


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line."""
    top = argparse.ArgumentParser(prog="python -m restore", description=__doc__)
    top.add_argument("--site", required=True, help="the stack's name")
    top.add_argument("--sites", type=Path, default=Path(), help="the folder of the site files")
    top.add_argument("--from", dest="copy", default="newest", help="a copy's name, else the newest")
    top.add_argument(
        "--what",
        help="influxdb (the points, which it is without this), topics, schemas, "
        "aggregated-schemas, connectors, kapacitor, chronograf; several between commas",
    )
    top.add_argument("--database", help="only this one")
    top.add_argument("--policy", help="only this one")
    top.add_argument("--since", help="only points from this time, such as 2026-11-27T00:00:00Z")
    top.add_argument("--until", help="only points before this time")
    top.add_argument(
        "--merge", action="store_true", help="of what is there already, the copy's wins"
    )
    return top


def variables(asked: argparse.Namespace) -> dict[str, str]:
    """Return what the Job is told of what is asked for."""
    given = {
        "FROM": asked.copy,
        "WHAT": asked.what,
        "DATABASE": asked.database,
        "POLICY": asked.policy,
        "SINCE": asked.since,
        "UNTIL": asked.until,
        "EXISTING": "merge" if asked.merge else "refuse",
    }
    return {name: value for name, value in given.items() if value}


def job(suspended: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    """Return a Job as the site's own suspended one would make it, told what is asked for."""
    spec = json.loads(json.dumps(suspended["spec"]["jobTemplate"]["spec"]))
    (container,) = spec["template"]["spec"]["containers"]
    container["env"] += [{"name": name, "value": told[name]} for name in sorted(told)]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "generateName": f"{RESTORE.identity.instance}-",
            "namespace": BACKUP_NAMESPACE,
            "labels": suspended["metadata"]["labels"],
        },
        "spec": spec,
    }


def kubectl(
    context: str, *words: str, given: str | None = None, namespace: str = BACKUP_NAMESPACE
) -> str:
    """Return what the cluster answers."""
    command = ["kubectl", "--context", context, "--namespace", namespace, *words]
    try:
        done = subprocess.run(  # noqa: S603 -- a command of ours
            command, input=given, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise UnaskedError("there is no kubectl") from None
    if done.returncode:
        raise UnaskedError(done.stderr.strip())
    return done.stdout


def follow(context: str, name: str) -> bool:
    """Show what a Job says until it has ended; return whether it succeeded."""
    seen = ""
    while True:
        conditions = kubectl(context, "get", name, "-o", "jsonpath={.status.conditions[*].type}")
        wait = ["wait", "--for=condition=Ready", "pod", "-l", f"job-name={name.split('/')[1]}"]
        subprocess.run(  # noqa: S603 -- a command of ours
            ["kubectl", "--context", context, "-n", BACKUP_NAMESPACE, *wait, "--timeout=5s"],  # noqa: S607
            capture_output=True,
            check=False,
        )
        said = kubectl(context, "logs", name, "--tail=-1")
        print(said.removeprefix(seen), end="", flush=True)  # noqa: T201 -- what it is for
        seen = said
        if {_FAILED, _SUCCEEDED} & set(conditions.split()):
            return _SUCCEEDED in conditions.split()


def restart(context: str, workload: Workload) -> None:
    """Have a server start again, which takes up its file then."""
    namespace, label = workload.namespace, f"app.kubernetes.io/name={workload.identity.name}"
    kubectl(context, "delete", "pod", "--selector", label, namespace=namespace)
    print(f"{workload.identity.name} starts again")  # noqa: T201 -- what it is for


def _context(site: Site) -> str:
    if site.backup is None:
        raise UnaskedError(f"site {site.name} has no backup")
    return site.cluster.context


def main(arguments: Sequence[str]) -> int:
    """Start and follow."""
    asked = parser().parse_args(arguments)
    try:
        context = _context(planned_site(asked.site, asked.sites))
        suspended = kubectl(context, "get", "cronjob", RESTORE.identity.instance, "-o", "json")
        made = json.dumps(job(json.loads(suspended), variables(asked)))
        name = kubectl(context, "create", "-f", "-", "-o", "name", given=made).strip()
        if not follow(context, name):
            return 1
        for what in sorted(_STARTED_AGAIN.keys() & set((asked.what or "").split(","))):
            restart(context, _STARTED_AGAIN[what])
    except UnaskedError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 -- what it is for
        return NOT_BEGUN
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
