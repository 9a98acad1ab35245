"""The replication layer: the MirrorMaker 2 links from another site."""

import pulumi

from efd_infra.components.replication.mirror_maker import MirrorMaker, MirrorMakerArgs
from efd_infra.config import contract
from efd_infra.config.contract import ServiceAddress
from efd_infra.config.link import Link
from efd_infra.config.site import Site
from efd_infra.manifests import workloads
from efd_infra.manifests.service_users import MIRROR_MAKER
from efd_infra.manifests.workloads import Workload
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

    def deploy(link: Link, address: ServiceAddress, workload: Workload) -> pulumi.Resource:
        return MirrorMaker(
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
        ).server

    data = deploy(section.data_link, contract.MIRROR_MAKER, workloads.MIRROR_MAKER)
    if not section.schemas:
        return (data,)
    schemas = contract.MIRROR_MAKER_SCHEMAS
    return (deploy(section.schemas_link, schemas, workloads.MIRROR_MAKER_SCHEMAS),)
