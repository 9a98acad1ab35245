"""Kube-score, as it is built and asked."""

from pathlib import Path

import pytest

from devkit.workspace import Workspace
from policy import scanner
from tests.support.judged import resource

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def program() -> Path:
    """The program, built once per machine."""
    return scanner.ensure(Workspace.from_environment().cache)


def test_what_is_wrong_is_found(program: Path) -> None:
    pod = resource(
        "Pod bad",
        {"apiVersion": "v1", "spec": {"containers": [{"name": "a", "image": "b:latest"}]}},
    )
    found = {
        (each.object, each.check): each.words for each in scanner.findings(program, "odd", [pod])
    }
    assert found["Pod place/bad", "container-image-tag"] == "a: Image with latest tag"
    assert ("Pod place/bad", "container-resources") in found


def test_what_it_cannot_read_is_an_error(program: Path) -> None:
    odd = resource("Pod odd", {"apiVersion": "v1", "spec": "nonsense"})
    with pytest.raises(scanner.ScannerError, match="did not judge odd"):
        list(scanner.findings(program, "odd", [odd]))
