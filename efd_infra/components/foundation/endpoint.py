"""A public HTTPS host for one service.

Owns the Ingress. Stops before the Ingress controller and DNS, which belong to the cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import networking

from efd_infra.components.foundation.placement import Placement
from efd_infra.config.cluster import ClusterSection
from efd_infra.config.contract import ServiceAddress
from efd_infra.config.endpoint import Endpoint as PublicAddress
from efd_infra.manifests.annotations import SKIP_AWAIT
from efd_infra.manifests.ingress import ingress_annotations
from efd_infra.manifests.labels import Identity


@dataclass(frozen=True, kw_only=True)
class EndpointArgs:
    """What is published, and how requests are treated on the way."""

    address: PublicAddress
    service: ServiceAddress
    namespace: pulumi.Input[str]
    identity: Identity
    """Of the workload behind the Service."""
    cluster: ClusterSection
    paths: Sequence[str] = ("/",)
    """Path prefixes that are published; the Service's others stay inside the cluster."""
    read_timeout: int = 60
    """Seconds that an answer may take."""
    unlimited_body: bool = False
    """Whether requests may be of any size."""
    source_ranges: Sequence[str] = ()
    """Networks that may send requests; empty admits all."""


class Endpoint(pulumi.ComponentResource):
    """One public host, with its certificate, in front of one Service."""

    url: pulumi.Output[str]

    def __init__(
        self, name: str, args: EndpointArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:foundation:Endpoint", name, {}, opts)
        placement = Placement(parent=self, namespace=args.namespace, identity=args.identity)
        self._ingress(name, args, placement)
        self.url = pulumi.Output.from_input(args.address.url)
        self.register_outputs({"url": self.url})

    def _ingress(self, name: str, args: EndpointArgs, placement: Placement) -> None:
        service = args.service
        backend = networking.v1.IngressBackendArgs(
            service=networking.v1.IngressServiceBackendArgs(
                name=service.name,
                port=networking.v1.ServiceBackendPortArgs(number=service.port),
            )
        )
        paths = [
            networking.v1.HTTPIngressPathArgs(path=path, path_type="Prefix", backend=backend)
            for path in args.paths
        ]
        certificate = args.cluster.certificate
        networking.v1.Ingress(
            f"{name}-ingress",
            metadata=placement.metadata(
                service.name,
                {
                    **SKIP_AWAIT,
                    **ingress_annotations(
                        read_timeout=args.read_timeout,
                        unlimited_body=args.unlimited_body,
                        source_ranges=args.source_ranges,
                        issuer=certificate.issuer,
                    ),
                },
            ),
            spec=networking.v1.IngressSpecArgs(
                ingress_class_name=args.cluster.ingress_class,
                rules=[
                    networking.v1.IngressRuleArgs(
                        host=args.address.host,
                        http=networking.v1.HTTPIngressRuleValueArgs(paths=paths),
                    )
                ],
                tls=[
                    networking.v1.IngressTLSArgs(
                        hosts=[args.address.host],
                        secret_name=certificate.secret or f"{service.name}-tls",
                    )
                ],
            ),
            opts=placement.child,
        )
