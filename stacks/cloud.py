"""The cloud layer: the site's own cluster, where it has one."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from efd_infra.config.cloud import CloudSection
from efd_infra.config.published_name import broker_hosts
from efd_infra.config.site import Site


@dataclass(frozen=True, kw_only=True)
class CloudLayer:
    """What everything in a cluster that is made here stands on."""

    kubeconfig: pulumi.Output[str]
    broker_addresses: Sequence[pulumi.Output[str]]
    """Reserved for the brokers' load balancers; none where they have none."""
    section: CloudSection


def deploy_cloud(site: Site) -> CloudLayer | None:
    """Make the site's cluster; nothing where the site is given one."""
    if site.cloud is None:
        return None
    try:
        # Loaded for the few sites that have such a cluster; the others need not even install it.
        import pulumi_gcp as gcp  # noqa: PLC0415

        from efd_infra.components.cloud.addresses import (  # noqa: PLC0415
            Addresses,
            AddressesArgs,
        )
        from efd_infra.components.cloud.gke import Gke, GkeArgs  # noqa: PLC0415
        from efd_infra.components.cloud.names import Names, NamesArgs  # noqa: PLC0415
        from efd_infra.components.cloud.network import Network, NetworkArgs  # noqa: PLC0415
    except ImportError as error:
        raise pulumi.RunError(
            f"a site with a section cloud needs the packages of requirements-cloud.txt: {error}"
        ) from None
    section = site.cloud
    name = f"efd-{site.name}"
    provider = gcp.Provider("gcp", project=section.project, region=section.zone.region)
    options = pulumi.ResourceOptions(providers=[provider])
    network = Network("network", NetworkArgs(name=name, region=section.zone.region), options)
    gke = Gke(
        "gke",
        GkeArgs(
            section=section,
            name=name,
            site=site.name,
            context=site.cluster.context,
            network=network,
        ),
        options,
    )
    addresses = Addresses(
        "addresses",
        AddressesArgs(section=section, name=name, site=site.name, count=site.balancers),
        options,
    )
    if section.names:
        hosts = {
            host: [addresses.addresses[broker] for broker in brokers]
            for host, brokers in broker_hosts(site.streaming.kafka).items()
        }
        Names("names", NamesArgs(section=section.names, hosts=hosts), options)
    return CloudLayer(
        kubeconfig=gke.kubeconfig, broker_addresses=addresses.addresses, section=section
    )
