"""Who may do what at the brokers: every user, every operation, tried from outside."""

from collections.abc import Iterator

import pytest

from devkit.traffic.access import Kafka
from devkit.traffic.topics import Topics
from tests.e2e.refusals import refusals
from tests.e2e.report import Report
from tests.e2e.rights import PROBE, attempt, probe_topic
from tests.e2e.stand import Stand

pytestmark = pytest.mark.e2e

OTHER = "other.topic"
SCHEMAS = "_schemas"

TRIED = {
    "create": ("lsst.sal.Rights.new", OTHER, "mm2-rights", "dead-letter.rights"),
    "write": (PROBE,),
    "read": (PROBE, SCHEMAS),
    "look": (PROBE, SCHEMAS),
    "join": ("notebooks-rights", "analysis", "schema-registry-rights"),
    "configure": (PROBE,),
    "delete": (PROBE,),
    "grant": (PROBE,),
    "enlist": ("intruder",),
}
"""What each user tries, by operation."""

ALLOWED: dict[str, dict[str, set[tuple[str, str]]]] = {
    "e2e-summit": {
        "sal": {("create", "lsst.sal.Rights.new"), ("write", PROBE)},
        "notebooks": {("read", PROBE), ("join", "notebooks-rights")},
        "ldf": {("read", PROBE), ("read", SCHEMAS), ("look", PROBE), ("look", SCHEMAS)},
        "efd-schema-registry": {
            ("read", SCHEMAS),
            ("look", SCHEMAS),
        },
        "efd-sink-influxdb-sink": {("read", PROBE)},
    },
}
"""What of it the brokers let each user do; written out, not computed."""


def _cases() -> Iterator[tuple[str, str, str]]:
    for operation, names in TRIED.items():
        for name in names:
            for user in ALLOWED["e2e-summit"]:
                yield user, operation, name


@pytest.fixture(scope="module")
def probed(summit: Stand) -> Stand:
    """The Summit with a topic that takes no record."""
    probe_topic(summit.outside("sal"))
    return summit


@pytest.mark.parametrize("user", ALLOWED["e2e-summit"])
def test_a_user_may_do_what_it_is_there_for_and_nothing_else(
    probed: Stand, user: str, report: Report
) -> None:
    kafka = probed.as_user(user)
    done = {(o, n) for u, o, n in _cases() if u == user and attempt(kafka, o, n)}
    tried = sum(map(len, TRIED.values()))
    assert done == ALLOWED["e2e-summit"][user]
    report.add("11", f"operations of {tried} that {user} may do", len(done), aim=len(done))


def test_the_registry_of_a_mirror_cannot_write_the_schemas(ldf: Stand, report: Report) -> None:
    """Whatever its settings say: a second writer would give one id to two schemas."""
    kafka = ldf.as_user("efd-schema-registry")
    assert attempt(kafka, "read", SCHEMAS)
    assert not attempt(kafka, "write", SCHEMAS)
    assert not attempt(kafka, "configure", SCHEMAS)
    report.add("11", "a mirror's registry writes schemas", "refused", aim="refused")


def test_the_mirror_changes_what_it_mirrors_and_reads_the_schemas_alone(ldf: Stand) -> None:
    """Those it compares with the source's before any record comes."""
    kafka = ldf.as_user("efd-mirror-maker")
    record = next(name for name in Topics(ldf.outside("notebooks")).partitions("lsst.*"))
    for topic in (SCHEMAS, record):
        assert attempt(kafka, "configure", topic)
        assert not attempt(kafka, "delete", topic)
    assert attempt(kafka, "read", SCHEMAS)
    assert not attempt(kafka, "read", record)


@pytest.mark.parametrize("user", ["broker-1", "efd-connect", "nobody"])
def test_who_is_no_user_of_the_site_gets_nowhere(summit: Stand, user: str) -> None:
    """The brokers' own login counts among them only; a site without Connect has no user for it."""
    kafka = Kafka(summit.bootstrap, user, "guessed", summit.site.authority)
    assert any("uthentication failed" in error.str() for error in refusals(kafka.settings))
