"""What some scanner found at one object of one site."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is not as it should be, in the words of who found it."""

    site: str
    scanner: str
    """`rules`, or the name of a program."""
    check: str
    """The rule, or the program's name of its check."""
    object: str
    """Kind, namespace and name."""
    words: str
