"""Rules of a site's own thresholds."""

from typing import Any

import pytest

from tests.support.full_site import changed, full_site
from tests.support.refusal import mistakes

_THRESHOLDS = "timeseries.kapacitor.thresholds"


def _with(*thresholds: dict[str, Any]) -> list[str]:
    return mistakes(changed(full_site(), _THRESHOLDS, list(thresholds)))


def test_a_number_for_no_alert_is_refused() -> None:
    (mistake,) = _with({"alert": "sink-lags", "warning": 5})
    assert mistake.startswith(f"{_THRESHOLDS}.0.alert: given sink-lags; allowed: one of connector-")


def test_an_alert_is_named_once() -> None:
    one = {"alert": "mirror-lag", "warning": 5}
    assert _with(one, one) == [
        f"{_THRESHOLDS}.{index}.alert: given mirror-lag; allowed: an alert named once"
        for index in (0, 1)
    ]


def test_a_threshold_has_a_number() -> None:
    assert _with({"alert": "mirror-lag"}) == [
        f"{_THRESHOLDS}.0: given no number; allowed: warning, critical or both"
    ]


@pytest.mark.parametrize(
    ("threshold", "given", "allowed"),
    [
        (
            {"alert": "sink-lag", "warning": 200_000},
            "warning 200000, critical 180000",
            "a warning below what is critical",
        ),
        (
            {"alert": "sink-lag", "warning": 10, "critical": 10},
            "warning 10, critical 10",
            "a warning below what is critical",
        ),
        (
            {"alert": "certificate-expiry", "critical": 30},
            "warning 21, critical 30",
            "a warning above what is critical",
        ),
    ],
)
def test_a_warning_comes_first(threshold: dict[str, Any], given: str, allowed: str) -> None:
    """Where a site gives one number, the other is that of all sites."""
    assert _with(threshold) == [f"{_THRESHOLDS}.0: given {given}; allowed: {allowed}"]


def test_numbers_in_order_are_accepted() -> None:
    assert (
        _with(
            {"alert": "sink-lag", "critical": 1e6},
            {"alert": "certificate-expiry", "warning": 30},
            {"alert": "dead-letters", "critical": 10},
        )
        == []
    )
