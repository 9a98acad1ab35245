"""Where alerts are sent to: URLs that are secrets, for Kapacitor."""

from collections.abc import Mapping

import pulumi

from efd_infra.components.foundation.credentials import Credentials, CredentialsArgs
from efd_infra.config import contract
from efd_infra.config.secrets import Secrets, alert_urls
from efd_infra.config.site import Site


def alert_keys(
    site: Site,
    secrets: Secrets,
    namespaces: Mapping[str, pulumi.Output[str]],
    options: pulumi.ResourceOptions,
) -> dict[str, pulumi.Input[str]]:
    """Return the Secret of each handler that has a secret URL, made here unless it exists."""
    namespace = contract.KAPACITOR.namespace
    existing = {name: section.secret for name, section in alert_urls(site).items()}
    made = {
        name: Credentials(
            f"alerts-{name}",
            CredentialsArgs(namespaces={namespace: namespaces[namespace]}, values={"url": url}),
            options,
        ).secret_names[namespace]
        for name, url in secrets.alert_urls.items()
    }
    return {**{name: secret for name, secret in existing.items() if secret}, **made}
