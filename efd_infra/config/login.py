"""Login with GitHub, for the web pages that have no login of their own."""

from pydantic import Field

from efd_infra.config.identifier import Organization
from efd_infra.config.section import Section
from efd_infra.config.values import Name


class LoginSection(Section):
    """A GitHub OAuth application; members of the organisations may enter.

    Its identity comes from the named Secret, which a vault operator fills, or else from the
    stack's secret configuration.
    """

    organizations: tuple[Organization, ...] = Field(
        default=(Organization("lsst-sqre"),), min_length=1
    )
    """GitHub organisations whose members may enter."""
    secret: Name | None = None
    """An existing Secret; absent, the stack's configuration holds the application's secrets."""
