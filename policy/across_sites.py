"""Rules between all sites of a repository: what is one site's cannot be another's as well.

Each file may be right by itself and yet not beside the others. A mistake names the file, the place
in it, what was given and what is allowed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from efd_infra.config.backup import KeyPrefix
from efd_infra.config.mistake import Mistake
from efd_infra.config.published_name import web_hosts
from efd_infra.config.rules.source import source_mistakes
from efd_infra.config.site import Site

Rule = Callable[[Sequence[Site]], Iterable[Mistake]]

_EXTERNAL = "streaming.kafka.external"


def _mistake(site: Site, path: str, given: str, allowed: str) -> Mistake:
    return Mistake(f"Pulumi.{site.name}.yaml, {path}", given, allowed)


def _hosts(site: Site) -> Iterator[tuple[str, str]]:
    """Yield each host that a site publishes, once, with its place in the file."""
    seen = set()
    kafka = site.streaming.kafka
    brokers: list[tuple[str, str]] = []
    if external := kafka.external:
        advertised = sorted(set(kafka.external_hosts) - {external.bootstrap})
        brokers.append((f"{_EXTERNAL}.bootstrap", external.bootstrap))
        brokers += [(f"{_EXTERNAL}.advertised", host) for host in advertised]
    for path, host in (*web_hosts(site).items(), *brokers):
        if host not in seen:  # a page may have the name of the site's own broker, as at NCSA
            seen.add(host)
            yield path, host


def _used_once(
    sites: Sequence[Site], values: Callable[[Site], Iterable[tuple[str, str]]], what: str
) -> Iterator[Mistake]:
    """Yield a mistake for each value that an earlier site has too."""
    first: dict[str, str] = {}
    for site in sites:
        for path, value in values(site):
            owner = first.setdefault(value, site.name)
            if owner != site.name:
                yield _mistake(site, path, value, f"{what} of its own; {owner} has this one")


def names_are_unique(sites: Sequence[Site]) -> Iterator[Mistake]:
    """A site is a stack, and what a mirror calls its source."""
    names: set[str] = set()
    for site in sites:
        if site.name in names:
            yield _mistake(site, "name", site.name, "a name used once")
        names.add(site.name)


def hosts_are_unique(sites: Sequence[Site]) -> Iterator[Mistake]:
    """A name leads to one place; the pages of two sites under one would be one site's."""
    return _used_once(sites, _hosts, "a host")


def aliases_are_unique(sites: Sequence[Site]) -> Iterator[Mistake]:
    """The EFD client knows a site by its alias alone."""
    return _used_once(sites, lambda site: [("alias", site.alias)] if site.alias else [], "an alias")


def clusters_carry_one_site(sites: Sequence[Site]) -> Iterator[Mistake]:
    """Namespaces have the same names at every site, which clients dial: a cluster has room for one.

    Two sites there would take each other's objects for their own.
    """
    return _used_once(sites, lambda site: [("cluster.context", site.cluster.context)], "a cluster")


def _node_ports(site: Site) -> range:
    external = site.streaming.kafka.external
    if external is None or external.type != "NodePort":
        return range(0)
    return range(external.first_node_port, external.first_node_port + site.streaming.kafka.brokers)


def node_ports_are_free(sites: Sequence[Site]) -> Iterator[Mistake]:
    """A node port leads to one Service of the cluster; the Ingress controller may have one too."""
    for one, other in combinations(sites, 2):
        if one.cluster.context != other.cluster.context:
            continue
        taken = set(_node_ports(one)) & set(_node_ports(other))
        for site, beside in ((one, other), (other, one)):
            if site.cluster.public_port in _node_ports(beside):
                taken.add(site.cluster.public_port)
        if taken:
            ports = ", ".join(map(str, sorted(taken)))
            path = f"{_EXTERNAL}.firstNodePort"
            free = f"ports that {one.name}, on the same cluster, has not"
            yield _mistake(other, path, ports, free)


def mirrors_have_a_source(sites: Sequence[Site]) -> Iterator[Mistake]:
    """A source that has no file cannot be compared with its mirror."""
    names = {str(site.name) for site in sites}
    for site in sites:
        if site.replication and site.replication.source not in names:
            known = ", ".join(sorted(names - {site.name}))
            yield _mistake(site, "replication.source", site.replication.source, f"one of: {known}")


def mirrors_agree_with_their_source(sites: Sequence[Site]) -> Iterator[Mistake]:
    """Listener, user, size of records and retention fit, and no record goes round for ever."""
    by_name = {str(site.name): site for site in sites}
    for site in sites:
        for mistake in source_mistakes(site, by_name.get):
            yield _mistake(site, mistake.path, mistake.given, mistake.allowed)


def _overlap(one: KeyPrefix | None, other: KeyPrefix | None) -> bool:
    """Tell whether the files of one prefix may be the other's: a bucket's root holds all."""
    if one is None or other is None:
        return True
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def backups_are_apart(sites: Sequence[Site]) -> Iterator[Mistake]:
    """A backup removes old files of its prefix: another site's there would be among them."""
    buckets = [(site, site.backup.bucket) for site in sites if site.backup and site.backup.bucket]
    for (one, first), (other, second) in combinations(buckets, 2):
        same = (first.endpoint, first.name) == (second.endpoint, second.name)
        if same and _overlap(first.prefix, second.prefix):
            yield _mistake(
                other,
                "backup.bucket.prefix",
                second.prefix or "nothing",
                f"a prefix in the bucket {second.name} apart from that of {one.name}, "
                f"{first.prefix or 'which is all of it'}",
            )


def archives_are_apart(sites: Sequence[Site]) -> Iterator[Mistake]:
    """Files and tables are named after topics, which are the same at every site."""

    def kept(site: Site) -> Iterator[tuple[str, str]]:
        if site.archive and (files := site.archive.parquet):
            yield "archive.parquet.bucket", f"{files.bucket} at {files.endpoint}"
        if site.archive and (rows := site.archive.database):
            yield "archive.database.database", f"{rows.database} at {rows.host}:{rows.port}"

    backups = {
        f"{site.backup.bucket.name} at {site.backup.bucket.endpoint}": site.name
        for site in sites
        if site.backup and site.backup.bucket
    }
    yield from _used_once(sites, kept, "a bucket or database")
    for site in sites:
        for path, place in kept(site):
            if owner := backups.get(place):
                allowed = f"a bucket without copies; {owner} keeps its backup in this one"
                yield _mistake(site, path, place, allowed)


RULES: tuple[Rule, ...] = (
    names_are_unique,
    hosts_are_unique,
    aliases_are_unique,
    clusters_carry_one_site,
    node_ports_are_free,
    mirrors_have_a_source,
    mirrors_agree_with_their_source,
    backups_are_apart,
    archives_are_apart,
)


def mistakes(sites: Sequence[Site]) -> Iterator[Mistake]:
    """Yield every mistake between ``sites``, each of which is right by itself."""
    for rule in RULES:
        yield from rule(sites)
