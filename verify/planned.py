"""The site that somebody names on a command line."""

from pathlib import Path

import yaml

from efd_infra.config.mistake import SiteError
from efd_infra.config.site import Site
from efd_infra.config.sites import sites_in
from verify.finding import UnaskedError


def planned_site(name: str, folder: Path) -> Site:
    """Return the site that a file in ``folder`` describes.

    Raises
    ------
    UnaskedError
        When there is no such file, or it is wrong.
    """
    try:
        site = sites_in(folder)(name)
    except SiteError as error:
        raise UnaskedError(str(error)) from None
    except (yaml.YAMLError, AttributeError) as error:
        raise UnaskedError(f"Pulumi.{name}.yaml in {folder.resolve()}: {error}") from None
    if site is None:
        raise UnaskedError(f"there is no file Pulumi.{name}.yaml in {folder.resolve()}")
    return site
