"""DNS: the zone in which this program makes the site's names, and what they lead to."""

import re
from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from efd_infra.config.section import Section
from efd_infra.config.values import Duration, Hostname, IpAddress, PatternedText

RecordType = Literal["A", "CNAME"]


class ZoneId(PatternedText):
    """Route 53's own name of a zone: two zones may have the same name, one of them private."""

    __slots__ = ()
    pattern = r"[A-Z0-9]{1,32}"
    allowed = "the id of a hosted zone, up to 32 capital letters and digits"
    example = "Z0EXAMPLE"


class DnsTarget(PatternedText):
    """What a name leads to: an IPv4 address, or another name."""

    __slots__ = ()
    pattern = rf"{IpAddress.pattern}|{Hostname.pattern}"
    allowed = "an IPv4 address such as 192.0.2.10, or a host name such as balancer.example.org"
    example = "192.0.2.10"

    @property
    def is_address(self) -> bool:
        """Whether it is an address, not a name."""
        return re.fullmatch(IpAddress.pattern, self) is not None


class DnsSection(Section):
    """Names in a zone of Route 53.

    Which names there are follows from the rest of the site; this says where they lead. Absent at
    sites whose names somebody else makes.
    """

    zone: Hostname
    """The zone's name, such as ``lsst.codes``; it is there, and public."""
    zone_id: ZoneId
    """What Route 53 calls it."""
    ttl: Duration = Duration("300s")
    """How long others remember an answer; the observatory's own (lsst-sqre/argocd-efd)."""
    ingress: tuple[DnsTarget, ...] = ()
    """Where the Ingress controller answers: addresses, or one name."""
    nodes: tuple[DnsTarget, ...] = ()
    """Where the brokers' node ports answer: addresses of nodes, or one name."""
    left_out: tuple[Hostname, ...] = ()
    """Names of the site that somebody else makes, such as those of another zone."""

    @model_validator(mode="after")
    def one_kind(self) -> Self:
        """Refuse names beside anything else: a name has one CNAME record and then no other."""
        for targets in (self.ingress, self.nodes):
            if len(targets) > 1 and not all(target.is_address for target in targets):
                raise PydanticCustomError("value", "addresses, or one host name alone")
        return self

    def contains(self, host: str) -> bool:
        """Tell whether ``host`` is a name of the zone."""
        return host == self.zone or host.endswith(f".{self.zone}")
