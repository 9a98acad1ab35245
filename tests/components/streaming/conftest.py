"""What the tests of several components look at."""

import pytest

from rendering.recording import Run
from tests.support.full_site import full_site
from tests.support.kafka_component import run_kafka


@pytest.fixture(scope="module")
def kafka() -> Run:
    """Kafka of a site that says everything: four brokers."""
    return run_kafka(full_site())
