"""How to reach a site's Kubernetes cluster, and what the cluster offers."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from efd_infra.config.identifier import LabelKey
from efd_infra.config.section import Port, Section
from efd_infra.config.values import Cpu, Name, Quantity, SourceRange


class Certificate(Section):
    """The certificate of the public hosts: the site's own, by exactly one of two ways."""

    secret: Name | None = None
    """A TLS Secret with the full chain, present in each namespace that has an Ingress."""
    issuer: Name | None = None
    """A cert-manager ClusterIssuer that issues one certificate per host."""

    @model_validator(mode="after")
    def one_way(self) -> Self:
        """Refuse both and neither."""
        if (self.secret is None) == (self.issuer is None):
            raise PydanticCustomError("value", "exactly one of secret and issuer")
        return self


class LogsSection(Section):
    """What the cluster's own collector of logs is told: it ships what pods print."""

    annotations: dict[LabelKey, str] = Field(min_length=1)
    """Of every pod, by which the collector knows what to do with its lines, such as
    ``fluentbit.io/parser: logfmt``."""


class ClusterSection(Section):
    """The cluster that carries a site."""

    context: str = Field(min_length=1)
    """The kubeconfig context; the ambient current context is never used."""
    nodes: int = Field(default=3, ge=1)
    """Nodes that may carry the EFD; with one, replicas give no fault tolerance."""
    storage_class: Name
    """The storage class of every store that names none of its own."""
    enforces_storage_size: bool = True
    """False where the class binds a host directory whose size is nominal (local-path)."""
    ingress_class: Name = Name("nginx")
    """The class of the Ingress controller."""
    ingress_namespace: Name = Name("ingress-nginx")
    """Where the Ingress controller's pods are: web services let no other pods from outside in."""
    clients: tuple[Name, ...] = ()
    """Namespaces whose pods may dial the brokers, the registry and InfluxDB, such as that of the
    notebooks; empty admits every namespace of the cluster."""
    dns_ranges: tuple[SourceRange, ...] = ()
    """Networks in which the cluster's DNS answers, where it is no pod of ``kube-system``: a cache
    on each node (169.254.20.10/32), or a server in the nodes' own network."""
    public_port: Port = 443
    """The port in every public HTTPS address; the controller must answer on it."""
    certificate: Certificate = Certificate(secret=Name("tls-certs"))
    """Where the public hosts' certificate comes from."""
    logs: LogsSection | None = None
    """Absent: no pod says anything to a collector."""
    durable: bool = True
    """Whether stores are protected from deletion and kept when they leave the program."""


class Resources(Section):
    """What a container asks of its node, and what it may not exceed."""

    cpu: Cpu
    """Requested CPU."""
    memory: Quantity
    """Requested memory."""
    cpu_limit: Cpu
    """CPU above which the container is throttled."""
    memory_limit: Quantity
    """Memory above which the container is killed."""


class Storage(Section):
    """One persistent volume claim."""

    size: Quantity
    """Size of the claim; may grow, never shrink."""
    storage_class: Name | None = None
    """Storage class; the cluster's when absent. Fixed once the claim exists."""
