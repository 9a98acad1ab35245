"""Who holds what, read from what the API server keeps, and fields handed over."""

from typing import Any

import pytest

from drift.ownership import foreign, handed_over, holder
from drift.path import Path, parse, written

OURS = "pulumi-kubernetes-1"


def entry(manager: str, fields: dict[str, Any], **said: str) -> dict[str, Any]:
    """Return an entry of `managedFields`."""
    return {"manager": manager, "operation": "Update", "fieldsV1": fields, **said}


def live(*entries: dict[str, Any]) -> dict[str, Any]:
    """Return an object, and who holds what of it."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "a", "labels": {"x": "1"}, "managedFields": list(entries)},
        "spec": {
            "ports": [{"name": "one", "port": 1}, {"name": "two", "port": 2}],
            "type": "ClusterIP",
        },
        "status": {"loadBalancer": {}},
    }


INPUTS = {
    "metadata": {"name": "a"},
    "spec": {"ports": [{"name": "one", "port": 1}], "type": "ClusterIP"},
}
PORT_TWO: dict[str, Any] = {'k:{"port":2}': {".": {}, "f:name": {}, "f:port": {}}}
ADDED: dict[str, Any] = {"f:spec": {"f:ports": PORT_TWO}}
DEPLOYED: dict[str, Any] = {
    "f:spec": {"f:type": {}, "f:ports": {".": {}, 'k:{"port":1}': {"f:port": {}}}}
}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("spec.replicas", ("spec", "replicas")),
        ('data["telegraf.conf"]', ("data", "telegraf.conf")),
        ("spec.ports[1].name", ("spec", "ports", 1, "name")),
        ('metadata.labels["a\\"b"]', ("metadata", "labels", 'a"b')),
        ("", ()),
    ],
)
def test_a_path_is_read_and_written_as_the_engine_does(text: str, path: Path) -> None:
    assert parse(text) == path
    assert written(path) == text


def test_an_item_that_somebody_added_is_one_finding() -> None:
    seen = live(entry(OURS, DEPLOYED), entry("kubectl-edit", ADDED))
    assert [(path, who.manager) for path, who, _ in foreign(seen, INPUTS, OURS)] == [
        (("spec", "ports", 1), "kubectl-edit")
    ]


def test_an_item_is_found_where_others_were_put_before_it() -> None:
    seen = live(entry(OURS, DEPLOYED), entry("kubectl-patch", ADDED))
    seen["spec"]["ports"].reverse()
    assert [path for path, *_ in foreign(seen, INPUTS, OURS)] == [("spec", "ports", 0)]
    keys: dict[str, Any] = {'k:{"port":1,"protocol":"TCP"}': {"f:name": {}}}
    seen = live(entry("kubectl-patch", {"f:spec": {"f:ports": keys}}))
    named = [path for path, *_ in foreign(seen, INPUTS, OURS)]
    assert named == [("spec", "ports", 0, "name")], "its protocol is the default"


@pytest.mark.parametrize(
    "theirs",
    [
        entry("kube-controller-manager", ADDED),
        entry("somebody", {"f:status": {"f:loadBalancer": {}}}),
        entry("somebody", ADDED, subresource="status"),
        entry("somebody", {"f:metadata": {"f:annotations": {"f:note": {}}}}),
        entry("somebody", {"f:spec": {"f:gone": {}}}),
        entry(OURS, ADDED),
    ],
)
def test_what_a_cluster_always_writes_is_no_finding(theirs: dict[str, Any]) -> None:
    assert list(foreign(live(theirs), INPUTS, OURS)) == []


def test_a_label_and_a_field_that_was_deployed_are_findings() -> None:
    theirs = {"f:metadata": {"f:labels": {"f:x": {}}}, "f:spec": {"f:type": {}}}
    seen = live(entry("somebody", theirs))
    assert [(path, is_added) for path, _, is_added in foreign(seen, INPUTS, OURS)] == [
        (("metadata", "labels"), True),
        (("spec", "type"), False),
    ]


def test_what_we_hold_too_is_no_finding() -> None:
    both = live(entry(OURS, DEPLOYED), entry("somebody", {"f:spec": {"f:type": {}}}))
    assert list(foreign(both, INPUTS, OURS)) == []


def test_the_last_who_changed_a_field_is_told() -> None:
    seen = live(
        entry("first", ADDED, time="2026-11-28T01:00:00Z"),
        entry("second", ADDED, time="2026-11-28T02:00:00Z"),
        entry(OURS, DEPLOYED, time="2026-11-28T03:00:00Z"),
    )
    last = holder(seen, ("spec", "ports", 1, "name"), OURS)
    assert last is not None
    assert (last.manager, last.since) == ("second", "2026-11-28T02:00:00Z")
    assert holder(seen, ("spec", "type"), OURS) is None


def test_only_the_fields_in_question_are_handed_over() -> None:
    theirs = {"f:spec": {"f:ports": PORT_TWO}, "f:metadata": {"f:annotations": {"f:note": {}}}}
    seen = live(entry(OURS, DEPLOYED), entry("somebody", theirs))
    left, ours = handed_over(seen, [("spec", "ports", 1)], OURS, "2026-11-28T03:00:00Z")
    assert left["manager"] == "somebody"
    assert left["fieldsV1"] == {"f:metadata": {"f:annotations": {"f:note": {}}}}
    assert (ours["manager"], ours["operation"]) == (OURS, "Apply")
    assert ours["fieldsV1"] == {
        "f:spec": {
            "f:type": {},
            "f:ports": {".": {}, 'k:{"port":1}': {"f:port": {}}, **PORT_TWO},
        }
    }
    everything = handed_over(seen, [("spec",), ("metadata",)], OURS, "")
    assert [each["manager"] for each in everything] == [OURS]
