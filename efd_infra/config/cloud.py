"""A cluster on Google Cloud that belongs to one site, and ends when the site does."""

from datetime import UTC, datetime
from typing import Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from efd_infra.config.section import Section
from efd_infra.config.values import Hostname, PatternedText, Quantity

LABEL_TIME: Final = "%Y-%m-%dt%H-%M-%Sz"
"""A time as a label of Google Cloud: these take neither capitals nor colons."""

NAME_LABEL: Final = "efd-site"
OWNER_LABEL: Final = "efd-owner"
END_LABEL: Final = "efd-end"

DiskType = Literal["pd-standard", "pd-balanced", "pd-ssd"]


class ProjectId(PatternedText):
    """A project of Google Cloud, by its id."""

    __slots__ = ()
    pattern = r"[a-z][-a-z0-9]{4,28}[a-z0-9]"
    allowed = "a project's id: 6 to 30 lower-case letters, digits and inner hyphens"
    example = "example-project"


class CloudZone(PatternedText):
    """A zone of Google Cloud: one data centre of a region."""

    __slots__ = ()
    pattern = r"[a-z]+-[a-z]+[0-9]+-[a-z]"
    allowed = "a zone, such as us-central1-b"
    example = "us-central1-b"

    @property
    def region(self) -> str:
        """The region that the zone is in."""
        return self.rpartition("-")[0]


class CloudLabel(PatternedText):
    """The value of a label of Google Cloud."""

    __slots__ = ()
    pattern = r"[a-z0-9][-_a-z0-9]{0,62}"
    allowed = "lower-case letters, digits, hyphens and underscores, at most 63 characters"
    example = "someone"


class EndTime(PatternedText):
    """A moment in UTC, to the second."""

    __slots__ = ()
    pattern = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
    allowed = "a date and time in UTC as text, such as '2026-05-01T18:00:00Z'"
    example = "2026-05-01T18:00:00Z"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check the form, and that there is such a time."""
        found = super().parse(text)
        try:
            _ = found.moment
        except ValueError:
            raise PydanticCustomError("value", "{allowed}", {"allowed": cls.allowed}) from None
        return found

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """Return ``moment``, which knows its time zone, as text."""
        return cls(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    @property
    def moment(self) -> datetime:
        """The moment, in UTC."""
        return datetime.strptime(self, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


class CloudNodesSection(Section):
    """How many nodes the cluster has: as many as its pods need, between two bounds."""

    least: int = Field(default=1, ge=1, le=100)
    """Nodes that are always there."""
    most: int = Field(default=4, ge=1, le=100)
    """Nodes that there are never more of; what the cost is estimated from."""

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Refuse bounds that leave no number between them."""
        if self.least > self.most:
            raise PydanticCustomError("value", "a least number of nodes that is not above the most")
        return self


class ManagedZone(PatternedText):
    """A zone of Cloud DNS, by the name that the project has for it."""

    __slots__ = ()
    pattern = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
    allowed = "a managed zone's name: at most 63 lower-case letters, digits and inner hyphens"
    example = "example-zone"


class CloudNamesSection(Section):
    """The brokers' names in a zone of Cloud DNS, which belongs to the project too."""

    zone: ManagedZone
    """What the project calls the zone; it is there, and public."""
    domain: Hostname
    """The zone's own name; the brokers' names are below it."""


class CloudSection(Section):
    """A cluster of Google Kubernetes Engine, made for this site alone.

    Nodes have no public address and reach the Internet through a gateway (NAT). The control plane
    answers at its DNS name, and only to whom the project's IAM lets in. There is no key that lasts.
    """

    project: ProjectId
    """The project that pays."""
    zone: CloudZone
    """Where nodes and disks are."""
    release_channel: Literal["RAPID", "REGULAR", "STABLE"] = "REGULAR"
    """How soon Google brings new versions of Kubernetes."""
    machine_type: str = Field(default="e2-standard-4", min_length=1)
    """Of the nodes: one of those whose price is known (``efd_infra/config/prices.py``)."""
    spot: bool = True
    """Nodes at a lower price, which Google may take back at any time."""
    nodes: CloudNodesSection = CloudNodesSection()
    """Bounds within which nodes come and go."""
    boot_disk: Quantity = Quantity("50Gi")
    """Disk of each node, for its system and images."""
    disk_type: DiskType = "pd-balanced"
    """Of the nodes' disks and of the site's stores."""
    names: CloudNamesSection | None = None
    """Where the names of brokers are made that answer outside. Absent: nowhere; whoever dials them
    has them in a file of hosts."""
    owner: CloudLabel
    """Who asked for it: a label of everything that takes labels."""
    end: EndTime
    """When it ends, in UTC. Nothing is kept."""
    hourly_limit: float = Field(gt=0)
    """US dollars an hour; a site that is estimated to cost more is refused."""

    def labels(self, site: str) -> dict[str, str]:
        """Return the labels of everything that the site called ``site`` has in the project."""
        return {
            NAME_LABEL: site,
            OWNER_LABEL: self.owner,
            END_LABEL: self.end.moment.strftime(LABEL_TIME),
        }
