"""A small program whose state is in a bucket, as the real Pulumi engine deploys it."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devkit.toolchain import Toolchain
from devkit.workspace import Workspace
from tests.engine.deployment import PATIENCE, Run
from tests.support.tls_store import KEYS, TlsStore

STACK = "kept"
PROGRAM = '''\
"""Two numbers, of which the second is made when a file says so, and a secret."""

import pathlib
import time

import pulumi
import pulumi_random as random

config = pulumi.Config()
first = random.RandomId("first", byte_length=config.get_int("length") or 4)
pulumi.export("secret", config.require_secret("secret"))


def made(number: str) -> str:
    pathlib.Path("begun").touch()
    while pathlib.Path("hold").exists():
        time.sleep(0.05)
    return number


random.RandomId("second", byte_length=4, keepers={"first": first.hex.apply(made)})
'''


@dataclass(frozen=True)
class KeptStack:
    """A project in a folder of its own, at a backend in a bucket."""

    folder: Path
    workspace: Workspace
    toolchain: Toolchain
    store: TlsStore
    bucket: str

    @property
    def url(self) -> str:
        """Where state is kept, as `pulumi login` takes it."""
        words = (
            f"endpoint={self.store.endpoint}&region=us-east-1&s3ForcePathStyle=true"
            "&response_checksum_validation=when_required"
        )
        return f"s3://{self.bucket}/team?{words}"

    def write(self) -> None:
        """Write the project; its name is the real one's, for the state is found by it."""
        self.folder.mkdir()
        text = "name: efd\nruntime: python\n"
        (self.folder / "Pulumi.yaml").write_text(text, encoding="utf-8")
        (self.folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")

    def hold(self) -> None:
        """Let the next run stop in its middle."""
        (self.folder / "begun").unlink(missing_ok=True)
        (self.folder / "hold").touch()

    def go_on(self) -> None:
        """Let a run that was stopped go on."""
        (self.folder / "hold").unlink()

    @property
    def has_begun(self) -> bool:
        """Whether a run is in its middle."""
        return (self.folder / "begun").exists()

    def pulumi(self, *words: str, given: str = "", phrase: str = "first") -> Run:
        """Run a command of the real CLI."""
        done = subprocess.run(  # noqa: S603 -- a program that the devkit built or found
            self._command(words),
            cwd=self.folder,
            env=self._environ(phrase),
            input=given,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def begin(self, *words: str) -> "subprocess.Popen[str]":
        """Begin a command of the real CLI, in a process group that can be killed."""
        return subprocess.Popen(  # noqa: S603 -- a program that the devkit built or found
            self._command(words),
            cwd=self.folder,
            env=self._environ("first"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def _command(self, words: Sequence[str]) -> list[str]:
        common = ["--non-interactive", "--color=never"]
        return [str(self.toolchain.pulumi), *words, "--stack", STACK, *common]

    def _environ(self, phrase: str) -> dict[str, str]:
        return self.toolchain.environ(
            {
                **os.environ,
                **KEYS,
                "AWS_CA_BUNDLE": str(self.store.authority),
                "PULUMI_HOME": str(self.workspace.pulumi_home),
                "PULUMI_BACKEND_URL": self.url,
                "PULUMI_CONFIG_PASSPHRASE": phrase,
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            }
        )
