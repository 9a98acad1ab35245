"""Rules of databases and retention policies."""

from typing import Any

import pytest

from tests.support.full_site import changed, full_site, without
from tests.support.refusal import mistakes

_DATABASES = "timeseries.influxdb.databases"
_POLICIES = f"{_DATABASES}.0.retention"


def _with_policies(*policies: dict[str, Any]) -> list[str]:
    return mistakes(changed(full_site(), _POLICIES, list(policies)))


def test_two_databases_of_one_name_are_refused() -> None:
    assert mistakes(changed(full_site(), f"{_DATABASES}.2.name", "telegraf")) == [
        f"{_DATABASES}.1.name: given telegraf; allowed: a name used once",
        f"{_DATABASES}.2.name: given telegraf; allowed: a name used once",
        f"{_DATABASES}: given efd, telegraf, telegraf, archive; allowed: a list with chronograf",
    ]


def test_a_site_without_the_database_of_its_users_is_refused() -> None:
    site = changed(full_site(), "streaming.connectors", [])
    assert mistakes(without(site, f"{_DATABASES}.2", f"{_DATABASES}.0")) == [
        f"{_DATABASES}: given telegraf, archive; allowed: a list with efd and chronograf"
    ]


def test_a_site_without_chronograf_and_kapacitor_needs_no_database_for_annotations() -> None:
    site = without(full_site(), "timeseries.chronograf", "timeseries.kapacitor")
    assert mistakes(without(site, f"{_DATABASES}.2")) == []


def test_kapacitor_alone_needs_the_database_where_it_writes_its_alerts() -> None:
    site = without(full_site(), "timeseries.chronograf", f"{_DATABASES}.2")
    assert mistakes(site) == [
        f"{_DATABASES}: given efd, telegraf, archive; allowed: a list with chronograf"
    ]


def test_metrics_without_their_database_are_refused() -> None:
    assert mistakes(changed(full_site(), "monitoring.database", "metrics")) == [
        (
            f"monitoring.database: given metrics; allowed: one of {_DATABASES}: "
            "efd, telegraf, chronograf, archive"
        )
    ]


def test_a_database_whose_first_policy_is_not_the_default_is_refused() -> None:
    assert _with_policies({"name": "raw", "keep": "30d"}) == [
        f"{_POLICIES}.0.name: given raw; allowed: autogen, which clients query"
    ]


def test_two_policies_of_one_name_are_refused() -> None:
    lines = _with_policies({"name": "autogen", "keep": "30d"}, {"name": "autogen", "keep": "60d"})
    assert lines == [
        f"{_POLICIES}.0.name: given autogen; allowed: a name used once",
        f"{_POLICIES}.1.name: given autogen; allowed: a name used once",
    ]


def test_a_shard_longer_than_what_is_kept_is_refused() -> None:
    assert _with_policies({"name": "autogen", "keep": "24h", "shard": "2d"}) == [
        f"{_POLICIES}.0.shard: given 2d; allowed: at most keep, 24h"
    ]


def test_a_coarser_copy_that_is_not_kept_longer_is_refused() -> None:
    lines = _with_policies({"name": "autogen", "keep": "30d"}, {"name": "low", "keep": "30d"})
    assert lines == [
        f"{_POLICIES}.1.keep: given 30d; allowed: forever, or longer than autogen, 30d"
    ]


@pytest.mark.parametrize(("keep", "before"), [("30d", "30d"), ("30d", "4w"), ("forever", "52w")])
def test_what_is_shortened_was_longer(keep: str, before: str) -> None:
    lines = _with_policies({"name": "autogen", "keep": keep, "shortenedFrom": before})
    assert lines == [
        f"{_POLICIES}.0.shortenedFrom: given {before}; allowed: more than keep, {keep}, or nothing"
    ]


@pytest.mark.parametrize("before", ["31d", "forever"])
def test_what_a_policy_kept_may_be_named(before: str) -> None:
    policy = {"name": "autogen", "keep": "30d", "shortenedFrom": before}
    assert _with_policies(policy) == []


def test_every_copy_may_be_kept_for_ever() -> None:
    assert (
        _with_policies({"name": "autogen", "keep": "forever"}, {"name": "low", "keep": "forever"})
        == []
    )


def test_a_copy_that_ends_before_one_kept_for_ever_is_refused() -> None:
    lines = _with_policies({"name": "autogen", "keep": "forever"}, {"name": "low", "keep": "52w"})
    assert lines == [
        f"{_POLICIES}.1.keep: given 52w; allowed: forever, or longer than autogen, forever"
    ]


def test_a_database_without_a_policy_is_refused() -> None:
    (line,) = _with_policies()
    assert line.startswith(f"{_POLICIES}: given []; allowed: ")
