"""Which outside secrets a site needs, as secret outputs of the stack's configuration.

Passwords between components are generated; what remains are the GitHub applications that the
web pages log in with. They are needed only where the site names no existing Secret.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi
from pulumi.runtime import is_config_secret

from efd_infra.config.login import LoginSection
from efd_infra.config.mistake import Mistake, SiteError
from efd_infra.config.site import Site


@dataclass(frozen=True, kw_only=True)
class GithubApplication:
    """A GitHub OAuth application."""

    client_id: pulumi.Output[str]
    client_secret: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """The outside secrets of a site; ``None`` where an existing Secret is named, or no page."""

    chronograf: GithubApplication | None
    kafdrop: GithubApplication | None


def load_secrets(config: pulumi.Config, site: Site) -> Secrets:
    """Return the secrets that ``site`` needs.

    Raises
    ------
    SiteError
        When one is missing, given in clear, or given although the site names a Secret.
    """
    chronograf, kafdrop = site.timeseries.chronograf, site.streaming.kafdrop
    logins = {
        "chronograf": chronograf.login if chronograf else None,
        "kafdrop": kafdrop.login if kafdrop else None,
    }
    if found := [m for page, login in logins.items() for m in _mistakes(config, page, login)]:
        raise SiteError(found)
    applications = {
        page: _application(config, page) if login and login.secret is None else None
        for page, login in logins.items()
    }
    return Secrets(**applications)


def _keys(page: str) -> tuple[str, str]:
    return f"{page}ClientId", f"{page}ClientSecret"


def _application(config: pulumi.Config, page: str) -> GithubApplication:
    client_id, client_secret = _keys(page)
    return GithubApplication(
        client_id=config.require_secret(client_id),
        client_secret=config.require_secret(client_secret),
    )


def _mistakes(config: pulumi.Config, page: str, login: LoginSection | None) -> Iterator[Mistake]:
    for key in _keys(page):
        path, given = f"efd:{key}", bool(config.get(key))
        if login and login.secret is None:
            if not given:
                yield Mistake(
                    path,
                    "nothing",
                    f"a value set with `pulumi config set --secret {key}`, or the name of an "
                    f"existing Secret in the {page} section's login.secret",
                )
            elif not is_config_secret(config.full_key(key)):
                yield Mistake(
                    path, "a value in clear", f"one set with `pulumi config set --secret {key}`"
                )
        elif given:
            yield Mistake(path, "a value", "none, because nothing in efd:site would use it")
