"""Rules of backups."""

from efd_infra.config.parsing import parse_site
from tests.support.full_site import at, changed, full_site, without
from tests.support.refusal import mistakes


def test_copies_need_an_hour_of_the_day() -> None:
    site = changed(full_site(), "timeseries.daytime.ends", "09:29")
    assert mistakes(site) == [
        (
            "timeseries.daytime.ends: given 09:29; allowed: at least an hour after begins, 08:30: "
            "copies are taken meanwhile"
        )
    ]
    assert mistakes(changed(site, "timeseries.daytime.ends", "09:30")) == []


def test_copies_are_kept_in_one_place() -> None:
    both = changed(full_site(), "backup.claim", {"size": "1Ti"})
    neither = without(full_site(), "backup.bucket")
    for site in (both, neither):
        (line,) = mistakes(site)
        assert line.startswith("backup: given ")
        assert line.endswith("; allowed: exactly one of bucket and claim")


def test_nothing_crosses_a_network_in_clear() -> None:
    (line,) = mistakes(changed(full_site(), "backup.bucket.endpoint", "http://store.example.org"))
    assert line.startswith("backup.bucket.endpoint: ")
    assert "allowed: an https address" in line


def test_a_rehearsal_has_room_for_two_thirds_of_its_volume() -> None:
    """InfluxDB's index and log take some of it."""
    site = parse_site(changed(full_site(), "backup.rehearsal.storage.size", "3Gi"))
    assert site.backup is not None
    assert site.backup.scratch_bytes == 2 * 2**30
    assert at(full_site(), "backup.keep") == site.backup.keep
