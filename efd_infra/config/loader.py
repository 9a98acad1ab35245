"""Pulumi's configuration to a ``Site``: the only reader of ``efd:site``."""

import pulumi

from efd_infra.config.mistake import Mistake, SiteError
from efd_infra.config.parsing import parse_site
from efd_infra.config.site import Site

_KEY = "site"


def load_site(config: pulumi.Config) -> Site:
    """Return the site of the current stack.

    Raises
    ------
    SiteError
        When the site is absent or wrong; nothing has been registered by then.
    """
    data = config.get_object(_KEY)
    if not isinstance(data, dict):
        given = "nothing" if data is None else repr(data)
        raise SiteError([Mistake(config.full_key(_KEY), given, "the description of a site")])
    return parse_site(data)
