"""Pulumi's configuration to a ``Site``: the only reader of ``efd:site``."""

import pulumi

from efd_infra.config.mistake import Mistake, SiteError
from efd_infra.config.parsing import parse_site
from efd_infra.config.rules.source import source_mistakes, source_warnings
from efd_infra.config.site import Site
from efd_infra.config.sites import FindSite

_KEY = "site"


def load_site(config: pulumi.Config, find: FindSite) -> Site:
    """Return the site of the current stack, which agrees with those that ``find`` finds.

    Raises
    ------
    SiteError
        When the site is absent or wrong; nothing has been registered by then.
    """
    data = config.get_object(_KEY)
    if not isinstance(data, dict):
        given = "nothing" if data is None else repr(data)
        raise SiteError([Mistake(config.full_key(_KEY), given, "the description of a site")])
    site = parse_site(data)
    if mistakes := tuple(source_mistakes(site, find)):
        raise SiteError(mistakes)
    for warning in source_warnings(site, find):
        pulumi.log.warn(warning)
    return site
