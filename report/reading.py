"""From changes to entries: which section each belongs to, and what is said of it."""

from collections import Counter
from collections.abc import Iterator

from report.change import PODS, PROTECTED, Change, SiteChanges
from report.entry import Entry, Section
from report.file_change import fields, file_entries, users_of_influxdb
from report.remark import remarks

_STORES = ("PersistentVolumeClaim", "Namespace")
_ACCESS = (
    "NetworkPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ServiceAccount",
    "Secret",
    "Ingress",
    "RandomPassword",
)
_KAFKA_USERS = "efd:streaming:KafkaUsers"


def entries(site: SiteChanges) -> Iterator[Entry]:
    """Yield what is to be told of a site."""
    if site.is_new:
        yield _new_site(site)
        return
    for key in site.rotated:
        remark = "its encrypted text differs: another value, or the same under another key"
        yield _of_site(site, "update", "secret configuration", key, remark)
    for change in site.changes:
        yield from _entries(site, change)


def _of_site(site: SiteChanges, operation: str, kind: str, subject: str, remark: str) -> Entry:
    return Entry(
        section=Section.ACCESS,
        operation=operation,
        kind=kind,
        subject=subject,
        remarks=(remark,),
        sites=(site.site,),
    )


def _new_site(site: SiteChanges) -> Entry:
    kinds = Counter(change.kind for change in site.changes if change.is_object)
    listed = "\n".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return Entry(
        section=Section.REST,
        operation="create",
        kind="site",
        subject=site.site,
        remarks=("nothing of it is there yet",),
        detail=listed,
        sites=(site.site,),
    )


def section(change: Change) -> Section:
    """Return the section that a change belongs to."""
    goes = change.operation in ("replace", "delete")
    bared = PROTECTED in change.old or PROTECTED in change.new
    if (goes and (change.kind in _STORES or change.protected)) or bared:
        return Section.STORES
    if change.kind in PODS and change.old and (goes or change.restarts):
        return Section.RESTARTS
    if change.kind in _ACCESS or (change.kind == "ConfigMap" and change.owner == _KAFKA_USERS):
        return Section.ACCESS
    return Section.FILES if change.kind == "ConfigMap" else Section.REST


def _entries(site: SiteChanges, change: Change) -> Iterator[Entry]:
    where = section(change)
    if change.kind == "ConfigMap" and change.old and change.new:
        yield from file_entries(change, where)
        yield from users_of_influxdb(change)
        return
    detail = ""
    if change.old and change.new:
        detail = "\n".join(map(str, fields(change)))
    yield Entry(
        section=where,
        operation=change.operation,
        kind=change.kind,
        subject=change.subject,
        remarks=tuple(remarks(change, site.description, shown=bool(detail))),
        detail=detail,
        sites=(site.site,),
    )
