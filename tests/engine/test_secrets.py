"""Planted and generated secrets, looked for everywhere but in Secrets."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from devkit import stack
from tests.engine.deployment import Deployment

pytestmark = pytest.mark.engine

PARALLEL = f"--parallel={stack.PARALLEL}"

PLANTED = {
    f"efd:{page}{key}": f"canary-{page}-{key}-{tag}"
    for page, key, tag in [
        ("chronograf", "ClientId", "p7Xw3kQz9"),
        ("chronograf", "ClientSecret", "m4Rt8vNs2"),
        ("kafdrop", "ClientId", "d6Yb1cHj5"),
        ("kafdrop", "ClientSecret", "g9Lf2uWe7"),
    ]
}


@pytest.fixture(scope="module")
def output(lasting: Deployment) -> list[str]:
    """What the CLI said when the planted secrets were previewed and deployed."""
    for key, value in PLANTED.items():
        run = lasting.operation("config", "set", "--secret", key, given=value)
        assert run.code == 0, run.said
    runs = [
        lasting.operation("preview", "--diff"),
        lasting.operation("preview", "--json"),
        lasting.operation("up", "--yes", "--skip-preview", "--diff", PARALLEL),
        lasting.pulumi("stack", "output", "--json"),
        lasting.pulumi("stack", "export"),
        lasting.operation("refresh", "--preview-only", "--diff"),
    ]
    assert {run.code for run in runs} == {0}, [run.said for run in runs if run.code]
    return [run.said for run in runs]


@pytest.fixture(scope="module")
def canaries(lasting: Deployment, output: list[str]) -> list[str]:
    """Every secret of the site: the planted ones and the generated passwords."""
    assert output
    passwords = [
        json.loads(r["outputs"]["result"]["plaintext"])
        for r in lasting.resources(show_secrets=True)
        if r["type"].endswith(":RandomPassword")
    ]
    assert len(passwords) > 5
    return [*PLANTED.values(), *passwords]


def leaks(texts: Iterable[tuple[str, bytes]], canaries: list[str]) -> list[str]:
    """Return the names of the texts that tell a secret, as it is or inside base64."""
    forms = [form for canary in canaries for form in _forms(canary)]
    return [name for name, text in texts if any(form in text for form in forms)]


def _forms(canary: str) -> Iterator[bytes]:
    yield canary.encode()
    for shift in range(3):
        # Of the first and the last three bytes, the neighbours decide how they are written.
        yield base64.b64encode(b"x" * shift + canary.encode())[4:-4]


def test_a_canary_would_be_found(lasting: Deployment, canaries: list[str]) -> None:
    secrets = [
        (key, json.dumps(each).encode())
        for key, each in lasting.everything().items()
        if key.startswith("Secret ")
    ]
    assert len(leaks(secrets, canaries)) > 5
    for canary in canaries:
        assert len(leaks(secrets, [canary])) > 0, "each stands in some Secret"


def test_no_secret_stands_in_what_the_command_line_prints(
    output: list[str], canaries: list[str]
) -> None:
    assert leaks(((text[:60], text.encode()) for text in output), canaries) == []


def test_no_secret_stands_in_clear_in_state_or_configuration(
    lasting: Deployment, canaries: list[str]
) -> None:
    files = [*_files(lasting.stack.backend), *_files(lasting.stack.folder)]
    assert files
    assert leaks(files, canaries) == []


def test_no_secret_stands_in_a_log(lasting: Deployment, canaries: list[str]) -> None:
    logs = _files(lasting.stack.cluster.folder / "run")
    assert logs
    assert leaks([*logs, *_files(lasting.stack.workspace.pulumi_home / "logs")], canaries) == []


def test_no_secret_stands_in_any_object_but_secrets(
    lasting: Deployment, canaries: list[str]
) -> None:
    others = [
        (key, json.dumps(each).encode())
        for key, each in lasting.everything().items()
        if not key.startswith("Secret ")
    ]
    assert len(others) > 100
    assert leaks(others, canaries) == []


def _files(folder: Path) -> list[tuple[str, bytes]]:
    return [(str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
