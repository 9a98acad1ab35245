"""Which outside secrets a site needs, as secret outputs of the stack's configuration.

Passwords between components are generated; what remains are the GitHub applications that the
web pages log in with, URLs that alerts are sent to, and the keys of the bucket that holds backups.
They are needed only where the site names no existing Secret.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi.runtime import is_config_secret

from efd_infra.config.alerts import SlackSection, WebhookSection
from efd_infra.config.login import LoginSection
from efd_infra.config.mistake import Mistake, SiteError
from efd_infra.config.site import Site


@dataclass(frozen=True, kw_only=True)
class GithubApplication:
    """A GitHub OAuth application."""

    client_id: pulumi.Output[str]
    client_secret: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class BucketKeys:
    """Who stores files in a bucket."""

    access_key_id: pulumi.Output[str]
    secret_access_key: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class Secrets:
    """The outside secrets of a site; ``None`` where an existing Secret is named, or no service."""

    chronograf: GithubApplication | None
    kafdrop: GithubApplication | None
    alert_urls: Mapping[str, pulumi.Output[str]]
    """By handler of alerts, where it sends them; none where an existing Secret is named."""
    backup: BucketKeys | None


@dataclass(frozen=True, kw_only=True)
class _Group:
    """Keys of the configuration that are needed together."""

    keys: tuple[str, ...]
    needed: bool
    instead: str
    """Where the name of an existing Secret may stand."""


def alert_urls(site: Site) -> dict[str, SlackSection | WebhookSection]:
    """Return the handlers of alerts whose URL is a secret, by name."""
    kapacitor = site.timeseries.kapacitor
    if kapacitor is None:
        return {}
    handlers = {"slack": kapacitor.handlers.slack, "webhook": kapacitor.handlers.webhook}
    return {name: section for name, section in handlers.items() if section}


def load_secrets(config: pulumi.Config, site: Site) -> Secrets:
    """Return the secrets that ``site`` needs.

    Raises
    ------
    SiteError
        When one is missing, given in clear, or given although the site names a Secret.
    """
    chronograf, kafdrop = site.timeseries.chronograf, site.streaming.kafdrop
    bucket = site.backup.bucket if site.backup else None
    pages = {
        "chronograf": _page("chronograf", chronograf.login if chronograf else None),
        "kafdrop": _page("kafdrop", kafdrop.login if kafdrop else None),
    }
    handlers = alert_urls(site)
    urls = {name: _handler(name, handlers.get(name)) for name in ("slack", "webhook")}
    backup = _Group(
        keys=("backupAccessKeyId", "backupSecretAccessKey"),
        needed=bucket is not None and bucket.secret is None,
        instead="the backup section's bucket.secret",
    )
    groups = (*pages.values(), *urls.values(), backup)
    if found := [mistake for group in groups for mistake in _mistakes(config, group)]:
        raise SiteError(found)
    applications = {name: _values(config, group) for name, group in pages.items()}
    keys = _values(config, backup)
    return Secrets(
        **{
            name: GithubApplication(client_id=values[0], client_secret=values[1])
            if values
            else None
            for name, values in applications.items()
        },
        alert_urls={
            name: values[0] for name, group in urls.items() if (values := _values(config, group))
        },
        backup=BucketKeys(access_key_id=keys[0], secret_access_key=keys[1]) if keys else None,
    )


def _page(page: str, login: LoginSection | None) -> _Group:
    return _Group(
        keys=(f"{page}ClientId", f"{page}ClientSecret"),
        needed=login is not None and login.secret is None,
        instead=f"the {page} section's login.secret",
    )


def _handler(name: str, section: SlackSection | WebhookSection | None) -> _Group:
    return _Group(
        keys=(f"{name}Url",),
        needed=section is not None and section.secret is None,
        instead=f"the {name} section's secret",
    )


def _values(config: pulumi.Config, group: _Group) -> list[pulumi.Output[str]]:
    return [config.require_secret(key) for key in group.keys] if group.needed else []


def _mistakes(config: pulumi.Config, group: _Group) -> Iterator[Mistake]:
    for key in group.keys:
        path, given = f"efd:{key}", bool(config.get(key))
        if group.needed and not given:
            yield Mistake(
                path,
                "nothing",
                f"a value set with `pulumi config set --secret {key}`, or the name of an "
                f"existing Secret in {group.instead}",
            )
        elif group.needed and not is_config_secret(config.full_key(key)):
            yield Mistake(
                path, "a value in clear", f"one set with `pulumi config set --secret {key}`"
            )
        elif given and not group.needed:
            yield Mistake(path, "a value", "none, because nothing in efd:site would use it")
