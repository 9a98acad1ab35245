"""Deploy the EFD site that the current stack describes."""

from pathlib import Path

import pulumi

from efd_infra.config.loader import load_site
from efd_infra.config.mistake import SiteError
from efd_infra.config.secrets import load_secrets
from efd_infra.config.sites import sites_in
from stacks.efd import deploy

config = pulumi.Config()
try:
    site = load_site(config, sites_in(Path(__file__).parent))
    secrets = load_secrets(config, site)
except SiteError as error:
    raise pulumi.RunError(str(error)) from None
deploy(site, secrets).export()
