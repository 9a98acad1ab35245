"""What opens doors and buckets for backup and restore."""

from collections.abc import Mapping

import pulumi

from efd_infra.components.foundation.credentials import Credentials, CredentialsArgs
from efd_infra.config import contract
from efd_infra.config.secrets import Secrets
from efd_infra.config.site import Site

_KEY_LENGTH = 64
"""Characters of a key: 380 bits."""


def door_keys(
    site: Site, namespaces: Mapping[str, pulumi.Output[str]], options: pulumi.ResourceOptions
) -> dict[str, Credentials]:
    """Generate a key for each thing that a door opens to, with copies on both sides of it."""
    if site.backup is None:
        return {}
    timeseries = site.timeseries
    both = [contract.INFLUXDB.namespace, contract.BACKUP_NAMESPACE]
    if timeseries.chronograf:
        both.append(contract.CHRONOGRAF.namespace)
    # Kapacitor gives out a copy itself, and takes none.
    rules = [contract.KAPACITOR.namespace] if timeseries.kapacitor else []
    places = {"backup": both, "restore": [*both, *rules]}
    return {
        purpose: Credentials(
            f"door-{purpose}",
            CredentialsArgs(
                namespaces={name: namespaces[name] for name in names},
                generated={"key": _KEY_LENGTH},
            ),
            options,
        )
        for purpose, names in places.items()
    }


def bucket_keys(
    site: Site,
    secrets: Secrets,
    namespaces: Mapping[str, pulumi.Output[str]],
    options: pulumi.ResourceOptions,
) -> pulumi.Input[str] | None:
    """Return the name of the Secret of who stores copies, made here unless it exists."""
    bucket = site.backup.bucket if site.backup else None
    if bucket is None or secrets.backup is None:
        return bucket.secret if bucket else None
    namespace = contract.BACKUP_NAMESPACE
    args = CredentialsArgs(
        namespaces={namespace: namespaces[namespace]},
        values={
            "access-key-id": secrets.backup.access_key_id,
            "secret-access-key": secrets.backup.secret_access_key,
        },
    )
    return Credentials("backup-bucket", args, options).secret_names[namespace]
