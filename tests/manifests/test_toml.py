"""TOML for InfluxData's servers."""

import pytest

from efd_infra.config.values import Duration
from efd_infra.manifests.toml import go_duration, toml


def test_integers_stay_integers() -> None:
    text = toml({"http": {"max-row-limit": 0}})
    assert "max-row-limit = 0\n" in text, "InfluxDB's parser refuses 0.0"


def test_a_list_of_tables_has_a_header_for_each() -> None:
    text = toml({"inputs": {"prometheus": [{"urls": ["http://a"]}, {"urls": ["http://b"]}]}})
    assert text.count("[[inputs.prometheus]]") == 2, "Telegraf refuses inline tables"


@pytest.mark.parametrize(
    ("given", "go"),
    [("100ms", "100ms"), ("1500ms", "1500ms"), ("60s", "60s"), ("15m", "900s"), ("2d", "172800s")],
)
def test_durations_use_units_that_go_knows(given: str, go: str) -> None:
    assert go_duration(Duration(given)) == go, "Go knows neither days nor weeks"
