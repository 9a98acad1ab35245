"""One round of measurements: the program by itself, Pulumi with it, kubectl without it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from devkit.patience import wait_until
from devkit.stack import PARALLEL
from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from rendering.engine import ROOT
from tests.bench import impatient
from tests.bench.stopwatch import Stopwatch
from tests.engine.deployment import PATIENCE, Deployment, Run
from tests.engine.inventory import Inventory
from tests.support.full_site import changed

SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 -- the state's mark of a secret
EMPTY = "import pulumi\n"


def program(watch: Stopwatch) -> dict[str, Any]:
    """Validate and render every site in a new process, as a check before a commit does."""
    told = watch.time("all sites: whole process", lambda: _in_process("tests.bench.program"))
    watch.note("all sites: validate", told["validate"])
    watch.note("all sites: run under mocks", told["render"])
    one = _in_process("tests.bench.program", "summit")
    watch.note("Summit: run under mocks", one["render"])
    return {**told, "peak": max(told["peak"], one["peak"])}


def _in_process(module: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 -- this Python
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@dataclass(frozen=True)
class Summit:
    """The Summit's site on an embedded cluster, deployed without waiting for rollouts."""

    deployment: Deployment
    watch: Stopwatch

    @classmethod
    def prepared(cls, folder: Path, toolchain: Toolchain, watch: Stopwatch) -> "Summit":
        """Write the site so that it may be destroyed, which changes nothing in its objects."""
        sites, project = folder / "sites", folder / "project"
        sites.mkdir()
        document = yaml.safe_load((ROOT / "Pulumi.summit.yaml").read_text())
        document = changed(document, "config.efd:site.cluster.durable", value=False)
        (sites / "Pulumi.summit.yaml").write_text(yaml.safe_dump(document))
        impatient.write(project)
        cache = Workspace.from_environment().cache
        workspace = Workspace(project, sites, folder / "home", cache)
        return cls(Deployment.of(workspace, toolchain, "summit"), watch)

    def round(self) -> int:
        """Measure everything once, from empty to empty; the number of objects."""
        self._pulumi("preview, first", "preview")
        self._pulumi("up, first", "up", "--yes", "--skip-preview")
        self._wait_for_rollouts()
        self._pulumi("preview, nothing changed", "preview")
        self._pulumi("up, nothing changed", "up", "--yes", "--skip-preview")
        objects = [_plain(r["inputs"]) for r in self._kubernetes_objects()]
        destroyed = self.deployment.operation(
            "destroy", "--yes", "--skip-preview", f"--parallel={PARALLEL}"
        )
        assert destroyed.code == 0, destroyed.said
        self._wait_for_emptiness()
        self._kubectl(objects)
        self._empty_program()
        return len(objects)

    def _pulumi(self, name: str, *arguments: str) -> Run:
        arguments = (*arguments, f"--parallel={PARALLEL}", "--suppress-progress")
        run = self.watch.time(name, lambda: self.deployment.operation(*arguments))
        assert run.code == 0, run.said
        return run

    def _kubernetes_objects(self) -> list[dict[str, Any]]:
        found = self.deployment.resources(show_secrets=True)
        objects = [r for r in found if r["type"].startswith("kubernetes:")]
        # kubectl takes them in the order of the file: an object's namespace first.
        return sorted(objects, key=lambda each: not each["type"].endswith(":Namespace"))

    def _kubectl(self, objects: list[dict[str, Any]]) -> None:
        file = self.deployment.stack.workspace.home / "objects.json"
        file.touch(mode=0o600)  # it holds secrets
        file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
        run, watch = self.deployment.kubectl, self.watch
        apply = ("apply", "--server-side", f"--filename={file}")
        watch.time("kubectl apply, first", lambda: run(*apply))
        self._wait_for_rollouts()
        watch.time("kubectl diff", lambda: run("diff", "--server-side", f"--filename={file}"))
        watch.time("kubectl apply, nothing changed", lambda: run(*apply))
        run("delete", f"--filename={file}", "--ignore-not-found", "--wait")
        file.unlink()

    def _wait_for_rollouts(self) -> None:
        # They disturb what is measured next, and kubectl diff shows what they report meanwhile.
        assert wait_until(lambda: _is_rolled_out(self.deployment.everything()), PATIENCE, 1)

    def _wait_for_emptiness(self) -> None:
        # What is not awaited when it is made is not awaited when it goes either.
        look = ("get", "namespaces", "--selector=app.kubernetes.io/part-of=efd", "--output=name")
        assert wait_until(lambda: not self.deployment.kubectl(*look), PATIENCE, interval=0.5)

    def _empty_program(self) -> None:
        main = self.deployment.stack.workspace.project / "__main__.py"
        ours = main.read_text()
        main.write_text(EMPTY)
        try:
            self._pulumi("preview of an empty program", "preview")
        finally:
            main.write_text(ours)


def _is_rolled_out(objects: Inventory) -> bool:
    servers = [o for name, o in objects.items() if name.startswith(("Deployment ", "StatefulSet "))]
    jobs = [o for name, o in objects.items() if name.startswith("Job ")]
    guards = [o for name, o in objects.items() if name.startswith("PodDisruptionBudget ")]
    return (
        all(s["status"].get("availableReplicas") == s["spec"]["replicas"] for s in servers)
        and all(job["status"].get("succeeded") for job in jobs)
        and all(g["status"].get("currentHealthy") == g["status"]["expectedPods"] for g in guards)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if SECRET in value:
        return json.loads(value["plaintext"])
    return {key: _plain(each) for key, each in value.items()}
