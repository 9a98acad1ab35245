"""The replication layer: the MirrorMaker 2 links from another site."""

import pulumi

from efd_infra.components.replication.mirror_maker import MirrorMaker, MirrorMakerArgs
from efd_infra.config import contract
from efd_infra.config.site import Site
from efd_infra.manifests import workloads
from efd_infra.manifests.service_users import MIRROR_MAKER
from stacks.foundation import FoundationLayer


def deploy_replication(
    site: Site, foundation: FoundationLayer, brokers: pulumi.Resource
) -> tuple[pulumi.Resource, ...]:
    """Deploy the links where the site has a mirror; return what the registry waits for.

    MirrorMaker must make ``_schemas`` before the registry starts, or the registry makes its own.
    """
    section = site.replication
    if section is None:
        return ()
    kafka = foundation.kafka_login(MIRROR_MAKER, contract.MIRROR_MAKER.namespace)
    links = {
        section.schemas_link: (contract.MIRROR_MAKER_SCHEMAS, workloads.MIRROR_MAKER_SCHEMAS),
        section.data_link: (contract.MIRROR_MAKER, workloads.MIRROR_MAKER),
    }
    first, *_ = (
        MirrorMaker(
            address.name,
            MirrorMakerArgs(
                section=section,
                link=link,
                workload=workload,
                address=address,
                platform=foundation.platform,
                namespace=foundation.namespaces[address.namespace],
                target=site.name,
                kafka=kafka,
                after=[brokers],
            ),
            foundation.options,
        )
        for link, (address, workload) in links.items()
        if link in section.links
    )
    return (first.server,)
