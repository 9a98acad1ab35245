"""The hours of a day in which heavy work may disturb nobody: telescopes observe at night."""

import zoneinfo
from typing import Self

from pydantic_core import PydanticCustomError

from efd_infra.config.section import Section
from efd_infra.config.values import PatternedText


class TimeZone(PatternedText):
    """A time zone of the IANA database, which knows each region's summer time."""

    __slots__ = ()
    pattern = r"[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*"
    allowed = "a time zone of the IANA database, such as America/Santiago or UTC"
    example = "America/Santiago"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check that there is such a zone."""
        zone = super().parse(text)
        if zone not in zoneinfo.available_timezones():
            raise PydanticCustomError("value", "{allowed}", {"allowed": cls.allowed})
        return zone


class ClockTime(PatternedText):
    """A time of the day."""

    __slots__ = ()
    pattern = r"([01][0-9]|2[0-3]):[0-5][0-9]"
    allowed = "a time of the day as text, such as '09:30'"
    example = "09:30"

    @property
    def minutes(self) -> int:
        """Minutes since midnight."""
        return int(self[:2]) * 60 + int(self[3:])


class DaytimeSection(Section):
    """When heavy work runs: it begins after ``begins`` and stops by ``ends`` of the same day."""

    time_zone: TimeZone = TimeZone("UTC")
    """Of the site."""
    begins: ClockTime = ClockTime("09:00")
    """Local time."""
    ends: ClockTime = ClockTime("17:00")
    """Local time, later than ``begins``."""

    @property
    def seconds(self) -> int:
        """Length of the day, as it is on one without a change to or from summer time."""
        return (self.ends.minutes - self.begins.minutes) * 60

    @property
    def schedule(self) -> str:
        """When the day begins, as cron writes it; the time zone stands elsewhere."""
        return f"{self.begins.minutes % 60} {self.begins.minutes // 60} * * *"
