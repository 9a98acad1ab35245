"""What in a change can lose data, or what took data in: it needs an approval."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from report.change import PROTECTED, Change, SiteChanges
from report.retention import shortened

_KAFKA = "efd:streaming:Kafka"
_CLUSTER_ID = "random:index/randomId:RandomId"
_CONNECTORS = ("efd:streaming:Connector", "efd:streaming:TelegrafSink")
"""Components that are named like the connector, or the consumers, whose positions Kafka keeps."""
_GOES = {"replace": "replaced", "delete": "deleted"}


@dataclass(frozen=True, order=True)
class Danger:
    """One thing that must not happen unless somebody has said so."""

    site: str
    what: str
    """Its id: the same for the same danger in every run, and in both modes."""
    told: str
    """What would happen, in one sentence."""

    @property
    def data(self) -> dict[str, str]:
        """The same for a program."""
        return asdict(self)


def dangers(sites: Sequence[SiteChanges]) -> list[Danger]:
    """Return every danger, by site and id."""
    return sorted({danger for site in sites for danger in _of_site(site)})


def _of_site(site: SiteChanges) -> Iterator[Danger]:
    for change in site.changes:
        for what, told in _of_change(change):
            yield Danger(site.site, what, told)
    for what, told in shortened(site.changes):
        yield Danger(site.site, what, told)
    bare = [change.subject for change in site.changes if is_bared(change)]
    if bare:
        told = f"{len(bare)} resources lose their protection, {bare[0]} among them"
        yield Danger(site.site, "protection-removed", f"{told}: the next change may delete them")
    yield from _renamed_connectors(site)


def _of_change(change: Change) -> Iterator[tuple[str, str]]:
    goes = _GOES.get(change.operation, "")
    if goes and change.kind == "Namespace":
        yield (
            f"namespace-{goes}/{change.subject}",
            f"namespace {change.subject} is {goes}{_kept(change)}",
        )
    elif goes and change.kind == "PersistentVolumeClaim":
        yield f"store-{goes}/{change.subject}", f"store {change.subject} is {goes}{_kept(change)}"
    elif goes and change.protected:
        yield (
            f"protected-{goes}/{change.kind}/{change.subject}",
            f"{change.kind} {change.subject}, which is protected, is {goes}{_kept(change)}",
        )
    elif change.token == _CLUSTER_ID and change.owner == _KAFKA and change.operation != "create":
        yield (
            f"kafka-cluster-id/{change.subject}",
            "Kafka's cluster gets another id: brokers refuse the stores that they have",
        )


def _kept(change: Change) -> str:
    return "; the cluster keeps it, and the stack forgets it" if change.retained else ""


def _renamed_connectors(site: SiteChanges) -> Iterator[Danger]:
    ours = [change for change in site.changes if change.token in _CONNECTORS]
    gone = sorted(change.name for change in ours if change.operation == "delete")
    come = sorted(change.name for change in ours if change.operation == "create")
    if not come:
        return  # one that is removed is not one that begins anew
    for name in gone:
        told = f"connector {name} goes while {', '.join(come)} comes: a new name has no position, "
        yield Danger(
            site.site,
            f"connector-renamed/{name}",
            f"{told}so records are read again from the start or skipped",
        )


def is_bared(change: Change) -> bool:
    """Whether a resource stays and loses its protection."""
    return bool(change.new and change.old.get(PROTECTED) and not change.new.get(PROTECTED))
