"""`up` with the real Pulumi engine, on a small program of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devkit.daemon import started
from devkit.workspace import Workspace

pytestmark = pytest.mark.engine

PROJECT = "{name: small, runtime: python, requiredPulumiVersion: '>=3.0.0 <4.0.0'}\n"

SITE = """\
encryptionsalt: v1:the-salt-of-another:v1:machine
config:
  small:password: {secure: 'v1:unreadable:here'}
  efd:site:
    cluster: {context: small, nodes: 1, storageClass: local-path}
"""

PROGRAM = """
import pulumi, pulumi_kubernetes as k8s, pulumi_random as random

site = pulumi.ResourceOptions(provider=k8s.Provider("site", context="small"))
given = pulumi.Config().require_secret("password")
made = random.RandomPassword("made", length=40)
names = [f"store-{n}" for n in range(6)]
for name in names:
    place = {"name": name, "namespace": "default"}
    labels = {"app": name}
    k8s.core.v1.Secret(name, metadata=place, string_data={"g": given, "m": made.result}, opts=site)
    k8s.apps.v1.StatefulSet(name, metadata=place, opts=site, spec={
        "serviceName": name, "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels},
                     "spec": {"containers": [{"name": name, "image": "example.org/store:1"}]}},
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {
            "accessModes": ["ReadWriteOnce"], "storageClassName": "local-path",
            "resources": {"requests": {"storage": "1Gi"}}}}]})
pulumi.export("address", "store.example.org:9092")
pulumi.export("password", made.result)
"""


class Devkit:
    """The command line, in a project of its own."""

    def __init__(self, project: Path) -> None:
        self.project = project
        passphrases = {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"}
        self.environ = {name: os.environ[name] for name in os.environ if name not in passphrases}
        checkout = Path(__file__).resolve().parents[2]
        self.environ |= {"EFD_PROJECT_DIR": str(project), "PYTHONPATH": str(checkout)}
        for name in ("EFD_SITE_DIR", "EFD_DEVKIT_DIR"):
            self.environ.pop(name, None)

    def argv(self, *arguments: str) -> list[str]:
        """Give the whole command line."""
        return [sys.executable, "-m", "devkit", *arguments, "--site", "small"]

    def __call__(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run to the end."""
        return subprocess.run(  # noqa: S603 - ours
            self.argv(*arguments),
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
        )

    def secret(self, key: str) -> str:
        """One of the values that must stand nowhere in clear."""
        path = f"-o=jsonpath={{.data.{key}}}"
        argv = [sys.executable, "-m", "devkit", "kubectl", "--site", "small", "get", "secret"]
        done = subprocess.run(  # noqa: S603 - ours
            [*argv, "store-0", path], env=self.environ, capture_output=True, text=True, check=True
        )
        return done.stdout


@pytest.fixture(scope="module")
def devkit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devkit]:
    project = tmp_path_factory.mktemp("small")
    (project / "Pulumi.yaml").write_text(PROJECT)
    (project / "Pulumi.small.yaml").write_text(SITE)
    (project / "__main__.py").write_text(PROGRAM)
    command = Devkit(project)
    yield command
    command("down")


def test_an_up_that_was_killed_at_work_is_continued_by_the_next(devkit: Devkit) -> None:
    with subprocess.Popen(  # noqa: S603 - ours
        devkit.argv("up"),
        env=devkit.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as killed:
        assert killed.stdout
        said = []
        for line in killed.stdout:
            said.append(line)
            if "StatefulSet" in line:
                break
        os.killpg(killed.pid, signal.SIGKILL)
    assert "StatefulSet" in said[-1], "".join(said)
    done = devkit("up")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "store.example.org:9092" in done.stdout


def test_a_second_up_changes_nothing_and_says_so(devkit: Devkit) -> None:
    devkit("up")
    started = time.monotonic()
    done = devkit("up")
    assert "small: nothing changed: all 15 resources are as the site file says" in done.stdout
    assert time.monotonic() - started < 60, "warm, it takes less than a minute"


def test_half_a_note_about_the_state_is_no_reason_to_stop(devkit: Devkit) -> None:
    """As a run leaves it that is killed between a note and its file."""
    devkit("up")
    backend = devkit.project / ".devkit" / "state" / ".pulumi"
    notes = [
        backend / "stacks" / "small" / "small.json.attrs",
        *(backend / "history" / "small" / "small").glob("*.attrs"),
    ]
    assert len(notes) > 1
    for note in notes:
        assert note.read_text()
        note.write_text("")
    done = devkit("up")
    assert done.returncode == 0, done.stderr
    assert "small: nothing changed" in done.stdout


def test_the_tracked_site_file_is_left_as_it_is(devkit: Devkit) -> None:
    assert devkit("up").returncode == 0
    assert (devkit.project / "Pulumi.small.yaml").read_text() == SITE


def test_no_secret_stands_in_what_is_kept_or_shown(devkit: Devkit) -> None:
    shown = devkit("up").stdout + devkit("preview").stdout + devkit("env").stdout
    for encoded in (devkit.secret("m"), devkit.secret("g")):
        clear = subprocess.run(
            ["/usr/bin/base64", "--decode"], input=encoded.encode(), capture_output=True, check=True
        ).stdout
        assert len(clear) >= 32
        kept = devkit.project / ".devkit"
        places = [kept / "state", kept / "stacks", kept / "pulumi" / "logs"]
        files = [file for place in places for file in place.rglob("*") if file.is_file()]
        assert files
        found = [
            file
            for file in files
            for text in (clear, encoded.encode())
            if text in file.read_bytes()
        ]
        assert not found
        assert clear.decode() not in shown


def test_another_passphrase_is_one_clear_error(devkit: Devkit) -> None:
    devkit("up")
    done = devkit("up", PULUMI_CONFIG_PASSPHRASE="another")  # noqa: S106 - wrong on purpose
    assert done.returncode == 1
    assert "error: the passphrase is not the one that the stack small was made with" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_passphrase_for_a_site_s_own_secrets_does_no_lasting_harm(devkit: Devkit) -> None:
    devkit("clean")
    assert devkit("up", PULUMI_CONFIG_PASSPHRASE="another").returncode == 1  # noqa: S106 - wrong
    assert devkit("up").returncode == 0, "without it, the site's secrets are made up"


def test_after_down_and_up_everything_is_still_there(devkit: Devkit) -> None:
    devkit("up")
    assert "5 processes ended" in devkit("down").stdout
    assert "nothing changed" in devkit("up").stdout


def test_clean_leaves_nothing(devkit: Devkit) -> None:
    devkit("up")
    pids = [
        int(file.read_text().split()[0])
        for file in Workspace.from_environment(devkit.environ).cluster("small").glob("run/*.pid")
    ]
    assert len(pids) == 5
    assert devkit("clean").returncode == 0
    assert not (devkit.project / ".devkit").exists()
    assert not [pid for pid in pids if started(pid)]
