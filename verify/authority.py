"""The certificate authority that somebody names on a command line."""

from pathlib import Path

from verify.finding import UnaskedError


def authority(given: Path | None) -> Path | None:
    """Return it, or none where none is named.

    Raises
    ------
    UnaskedError
        When there is no such file.
    """
    if given and not given.is_file():
        raise UnaskedError(f"there is no certificate authority {given}")
    return given
