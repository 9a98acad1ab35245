"""When heavy work runs."""

from efd_infra.config.daytime import ClockTime, DaytimeSection


def test_a_time_is_minutes_since_midnight() -> None:
    assert ClockTime("09:30").minutes == 570


def test_a_day_is_so_many_seconds_and_begins_as_cron_says() -> None:
    day = DaytimeSection(begins=ClockTime("08:05"), ends=ClockTime("16:35"))
    assert day.seconds == int(8.5 * 3600)
    assert day.schedule == "5 8 * * *"
