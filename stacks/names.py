"""The names layer: the site's records in a zone, where it has one."""

import pulumi

from efd_infra.config.dns_record import zone_records
from efd_infra.config.site import Site

_REGION = "us-east-1"
"""Route 53 is in no region, but its requests are signed for this one."""


def deploy_names(site: Site) -> None:
    """Make the site's records; nothing where somebody else does."""
    if site.dns is None:
        return
    try:
        # Loaded for the few sites that have a zone; the others need not even install it.
        import pulumi_aws as aws  # noqa: PLC0415

        from efd_infra.components.dns.records import Records, RecordsArgs  # noqa: PLC0415
    except ImportError as error:
        raise pulumi.RunError(
            f"a site with a section dns needs the packages of requirements-cloud.txt: {error}"
        ) from None
    Records(
        "names",
        RecordsArgs(zone_id=site.dns.zone_id, records=zone_records(site)),
        pulumi.ResourceOptions(providers=[aws.Provider("aws", region=_REGION)]),
    )
