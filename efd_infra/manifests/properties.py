"""Java properties files, as Kafka and everything around it read them."""

from collections.abc import Mapping


def properties(settings: Mapping[str, str | int]) -> str:
    """Return ``settings`` as a properties file with sorted keys.

    Integers stay integers and booleans are lower case, as Java parses them. Backslashes are
    doubled, because the file format takes one away.
    """
    lines = [f"{key}={_text(settings[key])}" for key in sorted(settings)]
    return "\n".join(lines) + "\n"


def _text(value: str | int) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).replace("\\", "\\\\")
