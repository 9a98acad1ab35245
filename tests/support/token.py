"""Values that stand nowhere else in a site, so that they are recognised in what is rendered.

With such a value in each place, one run of the program shows what becomes of all of them.
"""

import re
from dataclasses import dataclass
from typing import Any

from efd_infra.config.values import Cpu, Duration, Quantity

_WORD = r"[a-z].*"
_LENGTH_OF_TIME = r"\d+(ms|[smhdw])"
_IN_BYTES = ("maxMessage", "produce", "consume")
"""Amounts that are rendered to the byte; the others are in MiB."""
_IN_MINUTES = ("offsetsRetention",)
"""Lengths of time that are rendered in minutes; the others are in seconds or milliseconds."""


@dataclass(frozen=True)
class Token:
    """A value, and the texts of which one is rendered where the value is used."""

    value: Any
    forms: tuple[str, ...]

    def stands_in(self, rendered: str) -> bool:
        """Whether one of the forms does, not as a part of a longer number."""
        return any(
            form in rendered and re.search(rf"(?<!\d){re.escape(form)}(?!\d)", rendered)
            for form in self.forms
        )


def token(path: str, value: Any, number: int) -> Token | None:
    """Return another value for the place ``path``; ``number`` is no other place's.

    None, where a value is one of few, or decides how many of something there are.
    """
    match value:
        case bool():
            return None
        case int():
            return _amount(str(value + 1000 + number), int)
        case list():
            word = f"x{number}{value[0]}"
            return Token([word], (_escaped(word),))
        case str():
            return _text(path, value, number)
    return None


def _text(path: str, value: str, number: int) -> Token | None:
    if re.fullmatch(Quantity.pattern, value):
        return _quantity(path, Quantity(value), number)
    if path.endswith(("cpu", "cpuLimit")):
        # No round number, as others are.
        return _amount(f"{Cpu(value).millicores + 10 * number + 3}m")
    if re.fullmatch(_LENGTH_OF_TIME, value):
        return _duration(path, Duration(value), number)
    if re.fullmatch(_WORD, value):
        word = f"{value}{number}" if path.startswith("images.") else f"x{number}{value}"
        return Token(word, (_escaped(word),))
    return None


def _amount(text: str, kind: type = str) -> Token:
    return Token(kind(text), (text,))


def _quantity(path: str, value: Quantity, number: int) -> Token:
    if path.endswith(_IN_BYTES):
        kibibytes = value.bytes // 2**10 + number
        return Token(f"{kibibytes}Ki", (str(kibibytes * 2**10),))
    amount = value.mebibytes + number
    return Token(f"{amount}Mi", (f"{amount}{'m' if path.endswith('heap') else 'Mi'}",))


def _duration(path: str, value: Duration, number: int) -> Token:
    """Return one in the same unit, or in hours: days and weeks would soon be years."""
    unit = value.lstrip("0123456789")
    if unit in ("d", "w"):
        unit = "h"
    count = value.milliseconds // Duration(f"1{unit}").milliseconds + number
    longer = Duration(f"{count}{unit}")
    parts = [
        longer.milliseconds / size for size in (1, 60_000 if path.endswith(_IN_MINUTES) else 1000)
    ]
    whole = {str(int(part)) for part in parts if part.is_integer()}
    return Token(str(longer), (str(longer), *sorted(whole)))


def _escaped(text: str) -> str:
    """Return a text as JSON has it."""
    return text.replace("\\", "\\\\")
