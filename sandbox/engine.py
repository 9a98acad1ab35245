"""The stacks of all sandboxes, as the ordinary `pulumi` program keeps them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from sandbox.description import config_document
from sandbox.errors import BusyError
from sandbox.marks import STACK_PREFIX
from sandbox.program import LockedError, Program, UnknownStackError

_PARALLEL = 64
"""Resources at work at once: most of them wait."""

_QUIETLY = ("--yes", "--skip-preview", "--suppress-outputs", f"--parallel={_PARALLEL}")


@dataclass(frozen=True)
class Engine:
    """The states, wherever PULUMI_BACKEND_URL says that they are."""

    program: Program
    home: Path
    """Where the stacks' configurations are, as long as they are needed."""
    secrets_provider: str = "passphrase"
    cluster_environ: Callable[[str], Mapping[str, str]] = field(default=lambda _: {})
    """Variables with which `pulumi` finds the cluster of a stack, where its state does not say."""

    def stacks(self) -> list[str]:
        """Return every stack that is called as one of a sandbox is."""
        listed = json.loads(self.program.run(["stack", "ls", "--json"]))
        names = (stack["name"].rpartition("/")[2] for stack in listed)
        return sorted(name for name in names if name.startswith(STACK_PREFIX))

    def tags(self, stack: str) -> dict[str, str]:
        """Return the tags of a stack; none where there is no stack."""
        try:
            said = self.program.run(["stack", "tag", "ls", "--json", "--stack", stack])
        except UnknownStackError:
            return {}
        tags: dict[str, str] = json.loads(said)
        return tags

    def tag(self, stack: str, tags: Mapping[str, str]) -> None:
        """Set tags of a stack."""
        for key, value in tags.items():
            self.program.run(["stack", "tag", "set", key, value, "--stack", stack])

    def make(self, stack: str) -> None:
        """Make a stack."""
        self._config_file(stack).unlink(missing_ok=True)  # of a stack that was removed elsewhere
        # It takes no --config-file: it writes the salt beside the Pulumi.yaml that it finds.
        copy = self._folder(stack) / "Pulumi.yaml"
        copy.write_bytes((self.program.folder / "Pulumi.yaml").read_bytes())
        secrets = f"--secrets-provider={self.secrets_provider}"
        place = ["--no-select", "--cwd", str(copy.parent)]
        self.program.run(["stack", "init", stack, secrets, *place])

    def configure(self, stack: str, site: dict[str, Any]) -> None:
        """Note what the stack is to become."""
        path = self._config_file(stack)
        own = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None
        draft = path.with_suffix(".draft")
        text = yaml.safe_dump(config_document(site, own or {}), sort_keys=False)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)

    def described(self, stack: str) -> dict[str, Any] | None:
        """Return the description that the stack was last brought up with; None if it never was."""
        said = self.program.run(["stack", "history", "--json", "--page-size=1", "--stack", stack])
        history = json.loads(said) or [{}]
        given = (history[0].get("config") or {}).get("efd:site")
        return dict(given.get("objectValue") or json.loads(given["value"])) if given else None

    def state(self, stack: str) -> dict[str, Any]:
        """Return the stack's state, secrets encrypted."""
        state: dict[str, Any] = json.loads(self.program.run(["stack", "export", "--stack", stack]))
        return state

    def replace_state(self, stack: str, state: dict[str, Any]) -> None:
        """Put another state in the place of the stack's own."""
        self.program.run(["stack", "import", "--force", "--stack", stack], given=json.dumps(state))

    def outputs(self, stack: str) -> dict[str, Any]:
        """Return what the site tells its users; passwords stay hidden."""
        said = self.program.run(["stack", "output", "--json", "--stack", stack])
        values: dict[str, Any] = json.loads(said)
        return values

    def up(self, stack: str) -> None:
        """Bring the stack up, and show how."""
        arguments = ["up", *_QUIETLY, *self._of(stack)]
        self._unlocked(stack, lambda: self._at(stack).show(arguments, None))

    def forget_half_made(self, stack: str) -> None:
        """Forget creations whose end nobody has seen."""
        clear = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]
        self._unlocked(stack, lambda: self._at(stack).run([*clear, *self._of(stack)]))

    def destroy(self, stack: str, patience: float) -> None:
        """Destroy what the stack has, in order; raise ``SandboxError`` if some of it stays.

        After ``patience`` seconds the engine is told to stop, and a little later it is ended.
        """
        arguments = ["destroy", *_QUIETLY, *self._of(stack)]
        self._unlocked(stack, lambda: self._at(stack).show(arguments, patience))

    def remove(self, stack: str) -> None:
        """Forget a stack that has nothing any more; no error where it is forgotten already."""
        try:
            self.program.run(["stack", "rm", "--yes", "--preserve-config", "--stack", stack])
        except UnknownStackError:
            return

    def unlock(self, stack: str) -> None:
        """Take the lock of a run that is over."""
        self.program.run(["cancel", "--yes", "--stack", stack])

    def _unlocked(self, stack: str, work: Callable[[], object]) -> None:
        """Do the work; again if only the lock of a run that was killed is in the way."""
        try:
            work()
        except LockedError as error:
            if not error.is_dead():
                raise BusyError(f"{stack}: {error}") from None
            self.unlock(stack)
            work()

    def _at(self, stack: str) -> Program:
        environ = {**self.program.environ, **self.cluster_environ(stack)}
        return replace(self.program, environ=environ)

    def _folder(self, stack: str) -> Path:
        folder = self.home / "stacks" / stack
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _config_file(self, stack: str) -> Path:
        return self._folder(stack) / f"Pulumi.{stack}.yaml"

    def _of(self, stack: str) -> list[str]:
        return ["--stack", stack, "--config-file", str(self._config_file(stack))]
