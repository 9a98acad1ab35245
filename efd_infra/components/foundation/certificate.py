"""The site's certificate as files, for a server that shows it by itself.

Owns the request to cert-manager where the site names an issuer. Stops before the issuer, and before
a Secret that others fill.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions

from efd_infra.components.foundation.placement import Placement
from efd_infra.config.cluster import Certificate
from efd_infra.manifests.annotations import WAIT_UNTIL_READY


@dataclass(frozen=True, kw_only=True)
class HostCertificate:
    """Where key and certificates are found."""

    secret: str
    """A Secret with ``tls.key`` and ``tls.crt``."""
    after: Sequence[pulumi.Resource] = ()
    """What must be there before the Secret is."""


def host_certificate(
    logical_name: str,
    name: str,
    hosts: Sequence[str],
    certificate: Certificate,
    placement: Placement,
) -> HostCertificate:
    """Return the certificate for ``hosts``: the site's Secret, or one that its issuer fills."""
    if certificate.secret:
        return HostCertificate(secret=certificate.secret)
    secret = f"{name}-tls"
    request = apiextensions.CustomResource(
        logical_name,
        api_version="cert-manager.io/v1",
        kind="Certificate",
        metadata=placement.metadata(name, WAIT_UNTIL_READY),
        spec={
            "secretName": secret,
            "dnsNames": list(hosts),
            # Java reads no other encoding.
            "privateKey": {"encoding": "PKCS8"},
            "issuerRef": {
                "group": "cert-manager.io",
                "kind": "ClusterIssuer",
                "name": certificate.issuer,
            },
        },
        opts=placement.child,
    )
    return HostCertificate(secret=secret, after=[request])
