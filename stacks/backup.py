"""The backup layer: copies of what the layers before hold, and what is done with them."""

from efd_infra.components.backup.backup import Backup, BackupArgs
from efd_infra.config import contract
from efd_infra.config.site import Site
from efd_infra.manifests.backup import backup_env, restore_env, take_env, watch_env
from efd_infra.manifests.service_users import BACKUP, RESTORE
from stacks.foundation import FoundationLayer


def deploy_backup(site: Site, foundation: FoundationLayer) -> None:
    """Deploy what takes copies, tries them out and restores them, where the site wants that."""
    if site.backup is None:
        return
    namespace = contract.BACKUP_NAMESPACE
    Backup(
        "backup",
        BackupArgs(
            section=site.backup,
            daytime=site.timeseries.daytime,
            platform=foundation.platform,
            namespace=foundation.namespaces[namespace],
            env=backup_env(site, site.backup),
            take_env=take_env(site, site.backup),
            watch_env=watch_env(site),
            restore_env=restore_env(site),
            bucket_secret=foundation.bucket_keys,
            keys=foundation.door_secrets(namespace),
            user_secrets={
                user: foundation.users[user].secret_names[namespace] for user in ("backup", "admin")
            },
            kafka={user: foundation.kafka_login(user, namespace) for user in (BACKUP, RESTORE)},
        ),
        foundation.options,
    )
