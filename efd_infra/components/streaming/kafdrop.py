"""Kafdrop, the page that shows brokers, topics and records.

Owns the page, the login before it and its public host. Stops before who may log in, which
GitHub knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apps

from efd_infra.components.foundation.endpoint import Endpoint, EndpointArgs
from efd_infra.components.foundation.kafka_login import KafkaLogin
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.platform import Platform
from efd_infra.components.foundation.pod import Container, Pod, SecretValue
from efd_infra.components.foundation.probe import http_probes
from efd_infra.components.foundation.service import cluster_service
from efd_infra.components.foundation.volume import scratch_volume, secret_volume
from efd_infra.config.cluster import Resources
from efd_infra.config.contract import KAFDROP, KAFDROP_LOGIN, ServiceAddress
from efd_infra.config.endpoint import Endpoint as PublicAddress
from efd_infra.config.streaming import KafdropSection
from efd_infra.config.values import Cpu, Quantity
from efd_infra.manifests import workloads
from efd_infra.manifests.kafdrop import kafdrop_arguments, login_proxy_arguments
from efd_infra.manifests.kafka_client import CLIENT_PROPERTIES, LOGIN_DIR
from efd_infra.manifests.workloads import Workload

_USER = 65532
"""Unprivileged; the proxy's image has it as ``nonroot``, Kafdrop's names none."""
_SECRETS_DIR = "/etc/efd/login"
_PORT = "http"


@dataclass(frozen=True, kw_only=True)
class KafdropArgs:
    """What Kafdrop needs besides its section of the site."""

    section: KafdropSection
    platform: Platform
    namespace: pulumi.Input[str]
    kafka: KafkaLogin
    registry_url: str
    public: PublicAddress
    login_secret: pulumi.Input[str]
    """A Secret with the keys ``client-id``, ``client-secret`` and ``cookie-secret``."""
    after: Sequence[pulumi.Resource]
    """What must be ready first: the brokers and the registry."""


class Kafdrop(pulumi.ComponentResource):
    """The page, reachable through its login only."""

    url: pulumi.Output[str]
    """The public address."""

    def __init__(
        self, name: str, args: KafdropArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("efd:streaming:Kafdrop", name, {}, opts)
        self._after = args.after
        page = self._placement(args, workloads.KAFDROP)
        login = self._placement(args, workloads.KAFDROP_LOGIN)
        self._serve(f"{name}-page", KAFDROP, page, _pod(args, page, _page(args)))
        self._serve(f"{name}-login", KAFDROP_LOGIN, login, _pod(args, login, _login(args)))
        self.url = self._endpoint(name, args, login).url
        self.register_outputs({"url": self.url})

    def _placement(self, args: KafdropArgs, workload: Workload) -> Placement:
        return Placement(parent=self, namespace=args.namespace, identity=workload.identity)

    def _serve(self, name: str, address: ServiceAddress, placement: Placement, pod: Pod) -> None:
        cluster_service(f"{name}-service", address, _PORT, placement)
        apps.v1.Deployment(
            f"{name}-server",
            metadata=placement.metadata(address.name),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=1, selector=placement.selector, template=pod.template()
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=self._after),
        )

    def _endpoint(self, name: str, args: KafdropArgs, login: Placement) -> Endpoint:
        return Endpoint(
            f"{name}-endpoint",
            EndpointArgs(
                address=args.public,
                service=KAFDROP_LOGIN,
                namespace=args.namespace,
                identity=login.identity,
                cluster=args.platform.cluster,
            ),
            pulumi.ResourceOptions(parent=self),
        )


def _pod(args: KafdropArgs, placement: Placement, container: Container) -> Pod:
    return Pod(
        identity=placement.identity,
        platform=args.platform,
        containers=[container],
        user=_USER,
    )


def _page(args: KafdropArgs) -> Container:
    heap = f"{args.section.heap.mebibytes}m"
    arguments = kafdrop_arguments(
        bootstrap=args.kafka.bootstrap,
        registry_url=args.registry_url,
        client_properties=f"{LOGIN_DIR}/{CLIENT_PROPERTIES}",
    )
    return Container(
        name="kafdrop",
        image=args.platform.images.kafdrop,
        # The image's entry point, which takes its arguments from the environment.
        env={"CMD_ARGS": " ".join(arguments), "JVM_OPTS": f"-Xms{heap} -Xmx{heap}"},
        ports={_PORT: KAFDROP.port},
        volumes=[
            args.kafka.volume,
            scratch_volume("tmp", "/tmp", Quantity("64Mi")),  # noqa: S108 -- the pod's own
        ],
        resources=args.section.resources,
        probes=http_probes(_PORT, ready="/actuator/health", start=300),
    )


def _login(args: KafdropArgs) -> Container:
    return Container(
        name="login",
        image=args.platform.images.oauth2_proxy,
        args=login_proxy_arguments(
            args.section.login, public_url=args.public.url, secrets_dir=_SECRETS_DIR
        ),
        # An identity, not a secret; the proxy reads it from no file.
        env={"OAUTH2_PROXY_CLIENT_ID": SecretValue(secret=args.login_secret, key="client-id")},
        ports={_PORT: KAFDROP_LOGIN.port},
        volumes=[secret_volume("login", _SECRETS_DIR, args.login_secret)],
        resources=Resources(
            cpu=Cpu("50m"),
            memory=Quantity("64Mi"),
            cpu_limit=Cpu("500m"),
            memory_limit=Quantity("128Mi"),
        ),
        probes=http_probes(_PORT, ready="/ready", alive="/ping", start=60),
    )
