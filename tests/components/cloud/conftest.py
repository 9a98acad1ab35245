"""A site with a cluster of its own in the cloud, as the program registers it."""

import pytest

from rendering.engine import run_program
from rendering.recording import Run
from tests.support.cloud_site import cloud_site


@pytest.fixture(scope="session")
def trial() -> Run:
    """The whole site."""
    return run_program(cloud_site())
