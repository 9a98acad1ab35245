"""What is said about a site that is refused."""

from typing import Any

from efd_infra.config.mistake import Mistake, SiteError
from efd_infra.config.parsing import parse_site


def refusal(data: dict[str, Any]) -> tuple[Mistake, ...]:
    """Return the mistakes in ``data``; none when the site is accepted."""
    try:
        parse_site(data)
    except SiteError as error:
        return error.mistakes
    return ()


def mistakes(data: dict[str, Any]) -> list[str]:
    """Return the line of each mistake in ``data``."""
    return [str(mistake) for mistake in refusal(data)]
