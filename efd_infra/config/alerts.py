"""Who is told of alerts, and thresholds that a site sets itself."""

from typing import Literal

from pydantic import Field

from efd_infra.config.identifier import MailAddress, SlackChannel
from efd_infra.config.section import Port, Section
from efd_infra.config.values import Hostname, Name

Severity = Literal["warning", "critical"]
"""From which level on somebody is told; ``warning`` includes ``critical``."""


class ThresholdSection(Section):
    """Numbers of one alert that fit this site better than those of all sites."""

    alert: Name
    """Name of the alert, as in ``docs/alerts.md``."""
    warning: float | None = None
    """The number beyond which it is a warning."""
    critical: float | None = None
    """The number beyond which it is critical."""


class SlackSection(Section):
    """A channel of Slack, written to through an incoming webhook.

    Its URL is all that one needs to write there, so it is a secret: the key ``url`` of the named
    Secret, or else the stack's secret configuration.
    """

    channel: SlackChannel
    """The channel."""
    least: Severity = "warning"
    """The least severity that it is told of."""
    secret: Name | None = None
    """An existing Secret; absent, the stack's configuration holds the URL."""


class EmailSection(Section):
    """A mail server, and who gets mail."""

    host: Hostname
    """The server; it is asked for encryption, and trusted as the image trusts."""
    port: Port = 587
    """Its port for submission."""
    sender: MailAddress
    """Whom the mail is from."""
    recipients: tuple[MailAddress, ...] = Field(min_length=1)
    """Who gets it."""
    least: Severity = "warning"
    """The least severity that they are told of."""
    secret: Name | None = None
    """An existing Secret with the keys ``username`` and ``password``; absent, the server asks for
    no login."""


class WebhookSection(Section):
    """A web service that takes each event as JSON by POST, such as a paging service.

    Its URL often is all that one needs to write there, so it is a secret: the key ``url`` of the
    named Secret, or else the stack's secret configuration.
    """

    port: Port = 443
    """The port of its URL, for the way out."""
    least: Severity = "critical"
    """The least severity that it is told of."""
    secret: Name | None = None
    """An existing Secret; absent, the stack's configuration holds the URL."""


class HandlersSection(Section):
    """Who is told. Without any, Kapacitor keeps what it finds to itself."""

    slack: SlackSection | None = None
    """Absent: no channel."""
    email: EmailSection | None = None
    """Absent: no mail."""
    webhook: WebhookSection | None = None
    """Absent: no web service."""

    @property
    def any(self) -> bool:
        """Whether somebody is told."""
        return bool(self.slack or self.email or self.webhook)
