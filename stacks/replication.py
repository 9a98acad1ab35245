"""The replication layer: the MirrorMaker 2 link from another site."""

import pulumi

from efd_infra.components.replication.mirror_maker import MirrorMaker, MirrorMakerArgs
from efd_infra.config import contract
from efd_infra.config.site import Site
from efd_infra.manifests.service_users import MIRROR_MAKER
from stacks.foundation import FoundationLayer


def deploy_replication(
    site: Site, foundation: FoundationLayer, brokers: pulumi.Resource
) -> tuple[pulumi.Resource, ...]:
    """Deploy the link where the site has one; return what the registry waits for.

    MirrorMaker must make ``_schemas`` before the registry starts, or the registry makes its own.
    """
    if site.replication is None:
        return ()
    mirror = MirrorMaker(
        "mirror-maker",
        MirrorMakerArgs(
            section=site.replication,
            platform=foundation.platform,
            namespace=foundation.namespaces[contract.MIRROR_MAKER.namespace],
            target=site.name,
            kafka=foundation.kafka_login(MIRROR_MAKER, contract.MIRROR_MAKER.namespace),
            after=[brokers],
        ),
        foundation.options,
    )
    return (mirror.server,)
