"""What is removed, what is not touched, and what is found when its state is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.ending import without_objects
from sandbox.errors import UnaskedError
from sandbox.marks import Marks
from sandbox.reaper import Reaper, exit_code
from tests.support.google_ground import GoogleGround, States
from tests.support.google_stand_in import Google, google

_NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)


def _marks(name: str, hours: float = -1) -> Marks:
    end = (_NOW + timedelta(hours=hours)).replace(microsecond=0)
    return Marks(name=name, owner="someone", end=end)


def _reaper(project: Google, states: States) -> Reaper:
    return Reaper(ground=GoogleGround(project.cloud(), states), now=_NOW, patience=1)


def _verdicts(project: Google, states: States) -> dict[str, str]:
    return {verdict.name: verdict.state for verdict in _reaper(project, states).reap()}


def test_what_has_ended_by_both_marks_goes_with_what_it_left() -> None:
    old = _marks("old")
    left = {"pvc-1": {"labels": old.labels}, "foreign": {}}
    with google(clusters={old.cluster: old.labels}, things={"disks": left}) as project:
        states = States({old.stack: old.tags})
        (verdict,) = _reaper(project, states).reap()
        assert verdict.state == "removed"
        assert "disk pvc-1 was left" in verdict.told
        assert project.clusters == {}
        assert set(project.things["disks"]) == {"foreign"}
        assert states.marked == {}
        assert list(_reaper(project, states).reap()) == [], "and again"


def test_of_a_lost_state_the_network_goes_too_and_last() -> None:
    old, young = _marks("old"), _marks("young", 1)
    things = {
        "disks": {"pvc-1": {"labels": old.labels}},
        "networks": {old.cluster: {}, young.cluster: {}},
    }
    clusters = {mark.cluster: mark.labels for mark in (old, young)}
    with google(clusters=clusters, things=things) as project:
        verdicts = {v.name: v for v in _reaper(project, States({})).reap()}
        assert verdicts["old"].state == "removed"
        assert f"network {old.cluster} was left" in verdicts["old"].told
        assert verdicts["young"].state == "alive"
        assert set(project.things["networks"]) == {young.cluster}
        gone = [line.rpartition("/")[2] for line in project.asked if line.startswith("DELETE")]
        assert gone == [old.cluster, "pvc-1", old.cluster]


@pytest.mark.parametrize(
    ("in_state", "on_cluster"), [(1, 1), (-1, 1), (1, -1), (-0.05, -0.05), (0, 0)]
)
def test_what_has_not_ended_by_both_marks_lives(in_state: float, on_cluster: float) -> None:
    """After an extension that was cut short one mark is later; and clocks differ by minutes."""
    state, cluster = _marks("young", in_state), _marks("young", on_cluster)
    with google(clusters={state.cluster: cluster.labels}) as project:
        assert _verdicts(project, States({state.stack: state.tags})) == {"young": "alive"}
        assert project.clusters != {}
        assert not [line for line in project.asked if line.startswith("DELETE")]


@pytest.mark.parametrize(
    "labels",
    [
        {},
        {"efd-site": "sandbox-old"},
        {"efd-site": "sandbox-other", "efd-end": "2029-01-01t00-00-00z"},
        {"efd-site": "sandbox-old", "efd-end": "yesterday"},
    ],
)
def test_a_cluster_without_both_labels_is_not_touched(labels: dict[str, str]) -> None:
    old = _marks("old")
    with google(clusters={old.cluster: labels}) as project:
        states = States({old.stack: old.tags})
        verdicts = list(_reaper(project, states).reap())
        assert {v.state for v in verdicts} == {"kept"}
        assert exit_code(verdicts) == 1, "somebody has to look"
        assert project.clusters != {}
        assert states.done == []


@pytest.mark.parametrize("tags", [{}, {"efd:sandbox": "old"}, {"efd:end": "2029-01-01T00:00:00Z"}])
def test_a_stack_without_both_tags_is_not_touched(tags: dict[str, str]) -> None:
    old = _marks("old")
    with google() as project:
        states = States({old.stack: tags})
        assert _verdicts(project, states) == {"old": "kept"}
        assert states.done == []


def test_clusters_and_disks_of_others_are_not_even_told() -> None:
    others = {"summit": {}, "x": {"efd-site": "summit", "efd-end": "2029-01-01t00-00-00z"}}
    disks = {"a": {"labels": {"efd-site": "summit", "efd-end": "2029-01-01t00-00-00z"}}}
    with google(clusters=others, things={"disks": disks}) as project:
        assert _verdicts(project, States({})) == {}
        assert not [line for line in project.asked if line.startswith("DELETE")]


def test_a_sandbox_whose_state_is_lost_is_found_by_its_labels() -> None:
    old, young = _marks("old"), _marks("young", 1)
    clusters = {old.cluster: old.labels, young.cluster: young.labels}
    things = {
        "disks": {"pvc": {"labels": old.labels}},
        "addresses": {"ip": {"labels": old.labels, "address": "192.0.2.1"}},
        "forwardingRules": {"rule": {"IPAddress": "192.0.2.1"}},
    }
    with google(clusters=clusters, things=things) as project:
        assert _verdicts(project, States({})) == {"old": "removed", "young": "alive"}
        assert set(project.clusters) == {young.cluster}
        assert [name for kind in project.things.values() for name in kind] == []


def test_disks_that_alone_are_left_go_when_their_time_has_come() -> None:
    disks = {f"pvc-{n}": {"labels": _marks("old").labels} for n in range(3)}
    disks["new"] = {"labels": _marks("young", 1).labels}
    disks["odd"] = {"labels": {"efd-site": "sandbox-odd"}}
    with google(things={"disks": disks}) as project:
        assert _verdicts(project, States({})) == {"old": "removed", "young": "alive", "odd": "kept"}
        assert set(project.things["disks"]) == {"new", "odd"}


def test_the_disk_of_a_sandbox_that_was_extended_stays() -> None:
    """Its label is of the day it was made; the sandbox lives."""
    young = _marks("young", 1)
    disks = {"pvc": {"labels": _marks("young", -1).labels}}
    with google(clusters={young.cluster: young.labels}, things={"disks": disks}) as project:
        assert _verdicts(project, States({young.stack: young.tags})) == {"young": "alive"}
        assert set(project.things["disks"]) == {"pvc"}


def test_a_sandbox_without_a_cluster_goes_by_its_state() -> None:
    old = _marks("old")
    with google() as project:
        states = States({old.stack: old.tags})
        assert _verdicts(project, states) == {"old": "removed"}
        assert f"destroy {old.stack}" in states.done


def test_what_is_stuck_goes_with_its_cluster() -> None:
    old = _marks("old")
    pod = {"urn": "urn:pod", "type": "kubernetes:core/v1:Pod"}
    pool = {"urn": "urn:pool", "type": "gcp:container/nodePool:NodePool"}
    with google(clusters={old.cluster: old.labels}) as project:
        states = States({old.stack: old.tags}, {old.stack: [pod, pool]}, stuck={old.stack})
        (verdict,) = _reaper(project, states).reap()
    assert verdict.state == "removed"
    assert "1 objects went with their cluster: a namespace does not go" in verdict.told


def test_a_sandbox_that_another_run_is_at_work_on_is_left_to_it() -> None:
    old, dead = _marks("old"), _marks("dead")
    with google(clusters={old.cluster: old.labels, dead.cluster: dead.labels}) as project:
        states = States({m.stack: m.tags for m in (old, dead)}, busy={old.stack})
        verdicts = list(_reaper(project, states).reap())
        assert {v.name: v.state for v in verdicts} == {"old": "busy", "dead": "removed"}
        assert exit_code(verdicts) == 0
        assert set(project.clusters) == {old.cluster}


def test_one_that_does_not_go_keeps_no_other_from_going() -> None:
    old, dead = _marks("old"), _marks("dead")
    clusters = {old.cluster: old.labels, dead.cluster: dead.labels}
    with google(clusters=clusters, ill={f"clusters/{dead.cluster}": 99}) as project:
        verdicts = list(_reaper(project, States({m.stack: m.tags for m in (old, dead)})).reap())
        assert {v.name: v.state for v in verdicts} == {"dead": "unasked", "old": "removed"}
        assert exit_code(verdicts) == 2


def test_nothing_is_touched_while_the_cloud_does_not_answer() -> None:
    old = _marks("old")
    with google(ill={"aggregated": 99}, clusters={old.cluster: old.labels}) as project:
        states = States({old.stack: old.tags})
        with pytest.raises(UnaskedError):
            list(_reaper(project, states).reap())
        assert project.clusters != {}
        assert states.done == []


def test_a_state_without_objects_refers_to_none() -> None:
    pod = {"urn": "urn:pod", "type": "kubernetes:core/v1:Pod"}
    part = {
        "urn": "urn:part",
        "type": "efd:x:Y",
        "dependencies": ["urn:pod", "urn:other"],
        "propertyDependencies": {"a": ["urn:pod"], "b": None},
    }
    state, count = without_objects(
        {"version": 3, "deployment": {"resources": [pod, part], "pending_operations": [1]}}
    )
    assert count == 1
    assert state == {
        "version": 3,
        "deployment": {
            "resources": [
                {
                    **part,
                    "dependencies": ["urn:other"],
                    "propertyDependencies": {"a": [], "b": []},
                }
            ]
        },
    }


def test_marks_are_the_same_in_both_places() -> None:
    marks = _marks("old")
    assert Marks.of_tags(marks.stack, marks.tags) == marks
    assert Marks.of_labels(marks.labels) == marks
    assert Marks.of_tags("sandbox-other", marks.tags) is None
