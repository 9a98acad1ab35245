"""Rules of tiers."""

from typing import Any

from tests.support.full_site import at, changed, full_site, without
from tests.support.refusal import mistakes

_POLICIES = "timeseries.influxdb.databases.0.retention"
_LATENESS = "timeseries.downsampling.lateness"


def _with(path: str, value: Any) -> list[str]:
    return mistakes(changed(full_site(), f"{_POLICIES}.{path}", value))


def test_a_tier_is_filled_from_a_policy_above_it() -> None:
    assert _with("1.tier.source", "low") == [
        f"{_POLICIES}.1.tier.source: given low; allowed: a policy above it: autogen"
    ]
    nothing = f"{_POLICIES}.0.tier.source: given autogen; allowed: no tier: nothing is above it"
    assert nothing in _with("0.tier", {"every": "10s"})


def test_windows_of_a_tier_consist_of_whole_windows_of_its_source() -> None:
    assert _with("2.tier.every", "30s") == [
        f"{_POLICIES}.2.tier.every: given 30s; allowed: a multiple of middle's 20s"
    ]


def test_what_is_kept_longer_has_longer_windows() -> None:
    site = changed(full_site(), f"{_POLICIES}.2.tier.source", "autogen")
    for every in ("20s", "10s"):
        assert mistakes(changed(site, f"{_POLICIES}.2.tier.every", every)) == [
            f"{_POLICIES}.2.tier.every: given {every}; allowed: longer than middle's 20s"
        ]


def test_a_window_is_a_part_of_a_day() -> None:
    assert _with("2.tier.every", "7m") == [
        f"{_POLICIES}.2.tier.every: given 7m; allowed: a part of a day, such as 10s or 5m"
    ]


def test_a_statistic_is_named_once() -> None:
    assert _with("1.tier.statistics", ["sum", "count", "max", "sum"]) == [
        f"{_POLICIES}.1.tier.statistics: given sum; allowed: each statistic once"
    ]


def test_only_what_follows_exactly_is_taken_from_statistics() -> None:
    assert _with("2.tier.statistics", ["median"]) == [
        (
            f"{_POLICIES}.2.tier.statistics: given median; allowed: mean, min, max, sum, count: "
            "no other follows from windows of middle"
        )
    ]
    assert _with("2.tier.statistics", ["min"]) == [
        (
            f"{_POLICIES}.2.tier.statistics: given min; "
            "allowed: what follows from those of middle, which lacks min"
        )
    ]
    assert mistakes(
        changed(
            changed(full_site(), f"{_POLICIES}.1.tier.statistics", ["mean", "max"]),
            f"{_POLICIES}.2.tier.statistics",
            ["mean"],
        )
    ) == [
        (
            f"{_POLICIES}.2.tier.statistics: given mean; "
            "allowed: what follows from those of middle, which lacks sum and count"
        )
    ]


def test_a_source_keeps_points_until_they_are_used() -> None:
    site = changed(full_site(), f"{_POLICIES}.0.keep", "7d")
    assert mistakes(site) == [
        (
            f"{_POLICIES}.1.tier.source: given autogen, which keeps 7d; allowed: a policy that "
            "keeps 171h: timeseries.downsampling.lateness, a window and three days without a run"
        )
    ]


def test_a_window_longer_than_a_shard_is_refused() -> None:
    site = changed(full_site(), f"{_POLICIES}.2.shard", "1h")
    assert mistakes(changed(site, f"{_POLICIES}.2.tier.every", "2h")) == [
        f"{_POLICIES}.2.tier.every: given 2h; allowed: at most a shard, 1h"
    ]


def test_tiers_without_metrics_are_refused() -> None:
    assert mistakes(without(full_site(), "monitoring")) == [
        "monitoring: given nothing; allowed: a section: tiers note their progress there"
    ]


def test_a_mirror_counts_points_that_an_outage_held_back() -> None:
    site = changed(full_site(), _LATENESS, "29h")
    assert mistakes(site) == [
        f"{_LATENESS}: given 29h; allowed: at least replication.outageBudget, 30h"
    ]
    assert mistakes(without(site, "replication")) == []


def test_a_day_that_ends_before_it_begins_is_refused() -> None:
    day = at(full_site(), "timeseries.daytime")
    site = changed(full_site(), "timeseries.daytime", {**day, "ends": "08:30"})
    assert mistakes(without(site, "backup")) == [
        "timeseries.daytime.ends: given 08:30; allowed: a time after begins, 08:30"
    ]
