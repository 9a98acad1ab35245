"""What the command says where it cannot ask, and what of the differences is shown."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import yaml

from drift.__main__ import main
from drift.cluster import Cluster
from drift.difference import Difference, differences
from drift.stack import Resource, Step, plain
from drift.take_back import chosen
from tests.support.full_site import full_site
from verify.finding import UnaskedError

SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 -- how Pulumi marks one


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    text = yaml.safe_dump({"config": {"efd:site": full_site()}})
    (tmp_path / "Pulumi.full.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def command(folder: Path, name: str, text: str) -> None:
    """Put a program on the path that says something."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    program.chmod(0o700)


@pytest.mark.parametrize(
    ("pulumi", "told"),
    [
        (None, "there is no pulumi on the path"),
        ("echo no stack named >&2; exit 255", "pulumi refresh --preview-only: no stack named"),
    ],
)
def test_a_stack_that_cannot_be_asked_is_no_answer(
    sites: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pulumi: str | None,
    told: str,
) -> None:
    programs = sites / "bin"
    programs.mkdir()
    if pulumi:
        command(programs, "pulumi", pulumi)
    monkeypatch.setenv("PATH", str(programs))
    assert main(["check", "--site", "full", "--sites", str(sites)]) == 2
    assert told in capsys.readouterr().err


def test_a_site_without_a_file_is_told(sites: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--site", "none", "--sites", str(sites)]) == 2
    assert "there is no file Pulumi.none.yaml" in capsys.readouterr().err


def test_a_cluster_that_does_not_answer_is_no_answer(
    sites: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command(sites, "pulumi", "echo '{\"steps\": []}'")
    command(sites, "kubectl", "echo no such context >&2; exit 1")
    monkeypatch.setenv("PATH", f"{sites}{os.pathsep}{os.environ['PATH']}")
    assert main(["check", "--site", "full", "--sites", str(sites)]) == 2
    assert "kubectl get: no such context" in capsys.readouterr().err


def differing(kind: str, old: str, new: str) -> Difference:
    """Return how a changed text of an object is told."""
    metadata = {"name": "a", "namespace": "b"}
    outputs = {"apiVersion": "v1", "kind": kind, "metadata": metadata}
    urn = f"urn:pulumi:full::efd::kubernetes:core/v1:{kind}::a"
    resource = Resource(urn, f"kubernetes:core/v1:{kind}", {"data": {"k": old}}, outputs)
    step = Step(resource, "update", {"data": {"k": new}}, ("data.k",))
    here = SimpleNamespace(live=lambda _: [{**outputs, "data": {"k": new}}])
    (found,) = differences([step], cast("Cluster", here))
    return found


def test_of_two_texts_the_first_other_line_is_shown() -> None:
    found = differing("ConfigMap", "same\nold\nend", "same\nnew\nend")
    assert (found.deployed, found.found) == ("old", "new")
    longer = differing("ConfigMap", "same", "same\n" + "x" * 60)
    assert (longer.deployed, longer.found) == ("", "x" * 47 + "…")


def test_nothing_of_a_secret_is_shown() -> None:
    found = differing("Secret", "b2xk", "bmV3")
    assert (found.deployed, found.found) == ("[secret]", "[secret]")


def test_only_objects_that_differ_can_be_named() -> None:
    found = [differing("ConfigMap", "old", "new")]
    assert chosen(found, []) == chosen(found, ["ConfigMap/b/a"]) == found
    with pytest.raises(UnaskedError, match=r"given ConfigMap/b/z; .* ConfigMap/b/a"):
        chosen(found, ["ConfigMap/b/z"])


def test_what_was_deployed_is_plain_again() -> None:
    state = {"__own": 1, "data": {SECRET: "1b47061264138c4ac30d75fd1eb44270", "plaintext": '["a"]'}}
    assert plain({**state, "list": [{"__x": 1, "y": "z"}]}) == {"data": ["a"], "list": [{"y": "z"}]}
