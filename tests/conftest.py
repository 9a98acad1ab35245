"""What holds for every test: nothing outside the repository decides what the program does."""

import gc
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from rendering.recording import Run
from tests.support.site_case import CASES, SiteCase

if TYPE_CHECKING:
    from tests.support.tls_store import TlsStore

_OUTSIDE = ("KUBECONFIG", "PULUMI_CONFIG", "PULUMI_K8S_")
"""Beginnings of variables that the Kubernetes provider and Pulumi take defaults from."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the golden inventories of the sites instead of comparing with them",
    )


def pytest_configure() -> None:
    for variable in [name for name in os.environ if name.startswith(_OUTSIDE)]:
        del os.environ[variable]
    # An output in an f-string raises, where it would otherwise render a sentence.
    os.environ["PULUMI_ERROR_OUTPUT_STRING"] = "1"


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what lives to the end anyway.

    Modules and thousands of tests are that; to look through them again and again was a quarter of
    the time of a run of the program.
    """
    gc.freeze()


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> SiteCase:
    """Each site in turn."""
    site: SiteCase = request.param
    return site


@pytest.fixture
def run(case: SiteCase) -> Run:
    """The program's run for each site in turn."""
    return case.run


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[TlsStore]":
    """What answers as Amazon does, for every test that asks; each has a place of its own there."""
    from tests.support.tls_store import tls_store  # noqa: PLC0415 -- slow, and few tests need it

    with tls_store(tmp_path_factory.mktemp("store")) as running:
        yield running
