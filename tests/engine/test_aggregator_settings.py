"""What the aggregator says of settings that are no good."""

from pathlib import Path

import pytest

from efd_infra.config.values import Quantity
from efd_infra.manifests.aggregator import aggregator_properties
from tests.support.aggregation_stand import SITE
from tests.support.aggregator_worker import AggregatorWorker

pytestmark = pytest.mark.engine


def _settings() -> str:
    section = SITE.streaming.aggregation
    assert section is not None
    return aggregator_properties(
        section,
        bootstrap="127.0.0.1:1",
        replication_factor=1,
        max_message=Quantity("10Mi"),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("aggregator.windows=1", "aggregator.windows: an unknown setting"),
        ("aggregator.window.ms=soon", "aggregator.window.ms: given soon; allowed: a whole number"),
        ("aggregator.registry.url=registry", "aggregator.registry.url: given registry; allowed"),
        ("aggregator.topics=(", "aggregator.topics: given (; allowed: a regular expression"),
        ("aggregator.suffix=", "aggregator.suffix: missing"),
    ],
)
def test_a_wrong_setting_is_told_and_nothing_starts(tmp_path: Path, line: str, said: str) -> None:
    worker = AggregatorWorker(tmp_path, f"{_settings()}{line}\n")
    assert worker.run() == 2
    assert said in worker.log
    assert len([each for each in worker.log.splitlines() if each.startswith("error: ")]) == 1
