"""What is found in a cluster against what was deployed there, and how it is put right."""

import json
from collections.abc import Iterator

import pytest

from tests.engine import inventory
from tests.engine.deployment import Deployment, Run

pytestmark = pytest.mark.engine


def test_a_refresh_finds_no_drift_where_nobody_changed_anything(lasting: Deployment) -> None:
    look = lasting.look_for_drift()
    assert look.code == 0, look.said


def test_after_a_refresh_there_is_nothing_to_do(lasting: Deployment) -> None:
    before = inventory.versions(lasting.everything())
    refresh = lasting.operation("refresh", "--yes", "--skip-preview")
    assert refresh.code == 0, refresh.said
    assert lasting.planned() == set()
    assert inventory.versions(lasting.everything()) == before


def test_a_replica_count_changed_by_hand_is_found_by_refresh(lasting: Deployment) -> None:
    deployment = ("--namespace=kafdrop", "deployment/kafdrop")
    lasting.kubectl("scale", *deployment, "--replicas=2")
    try:
        look = lasting.look_for_drift()
    finally:
        lasting.kubectl("scale", *deployment, "--replicas=1")
        lasting.kubectl("rollout", "status", *deployment, "--timeout=30s")
    assert look.code != 0
    assert "replicas: 1 => 2" in look.out
    assert "~ 1 to update" in look.out, "only that one"
    assert "kafdrop-page-server" in look.out


CHANGES = {
    "Deployment/telegraf/telegraf": {"changed spec.replicas": "kubectl"},
    "ConfigMap/telegraf/telegraf-settings": {
        'changed data["telegraf.conf"]': "kubectl-patch",
        "added data.more": "kubectl-patch",
    },
    "NetworkPolicy/influxdb/default-deny": {"added spec.ingress": "kubectl-patch"},
    "Service/influxdb/influxdb-store": {
        "added spec.ports[0]": "kubectl-patch",
        "added metadata.labels.more": "kubectl-label",
    },
    "StatefulSet/influxdb/influxdb": {"added spec.template.metadata.annotations": "kubectl-patch"},
    "Service/influxdb/influxdb": {"gone ": ""},
}
"""What somebody does to a site, and who is told to have done it, by the object."""
OPEN = '{"spec": {"ingress": [{}]}}'
PORT = '{"spec": {"ports": [{"name": "more", "port": 99}]}}'
ANNOTATION = '{"spec": {"template": {"metadata": {"annotations": {"more": "1"}}}}}'


def changed_by_hand(site: Deployment) -> None:
    """Do what people do with kubectl."""
    files = site.kubectl("get", "configmap", "-n", "telegraf", "-o", "name").split()
    (file,) = [name for name in files if "telegraf-settings" in name]
    text = json.dumps({"data": {"telegraf.conf": "# nothing", "more": "1"}})
    site.kubectl("scale", "-n", "telegraf", "deployment/telegraf", "--replicas=3")
    site.kubectl("patch", "-n", "telegraf", file, "--type=merge", "-p", text)
    site.kubectl("patch", "-n", "influxdb", "networkpolicy/default-deny", "-p", OPEN)
    site.kubectl("patch", "-n", "influxdb", "service/influxdb-store", "-p", PORT)
    site.kubectl("label", "-n", "influxdb", "service/influxdb-store", "more=1")
    site.kubectl("patch", "-n", "influxdb", "statefulset/influxdb", "-p", ANNOTATION)
    site.kubectl("delete", "-n", "influxdb", "service/influxdb")


def drift(site: Deployment, what: str, *words: str) -> Run:
    """Run the command as an operator does."""
    place = ("--site", site.stack.site, "--sites", str(site.stack.workspace.sites))
    return site.command("drift", what, *place, f"--config-file={site.stack.config_file}", *words)


def found(site: Deployment) -> dict[str, dict[str, str]]:
    """Return who changed what of which object, the names that were made up without their ends."""
    run = drift(site, "check", "--json")
    assert run.code in {0, 1}, run.said
    told: dict[str, dict[str, str]] = {}
    for one in json.loads(run.out):
        name = one["object"]
        if "telegraf-settings" in name:
            name = name.rpartition("-")[0]
        told.setdefault(name, {})[f"{one['kind']} {one['field']}"] = one["manager"]
    return told


@pytest.fixture
def drifted(passing: Deployment) -> Iterator[Deployment]:
    """A site that somebody has changed by hand, and that is as it was afterwards."""
    assert found(passing) == {}
    changed_by_hand(passing)
    yield passing
    passing.operation("up", "--refresh", "--yes", "--skip-preview", "--suppress-outputs")


def test_each_change_is_named_with_who_did_it_and_taken_back(drifted: Deployment) -> None:
    assert found(drifted) == CHANGES
    table = drift(drifted, "check")
    assert table.code == 1
    assert "changed  spec.replicas  1 → 3  by kubectl" in table.out
    assert "6 objects differ from what was deployed" in table.out

    before = inventory.versions(drifted.everything())
    told = drift(drifted, "take-back")
    assert told.code == 1
    assert "nothing was done" in told.out
    assert inventory.versions(drifted.everything()) == before

    some = drift(drifted, "take-back", "NetworkPolicy/influxdb/default-deny", "--yes")
    assert some.code == 0, some.said
    assert found(drifted).keys() == CHANGES.keys() - {"NetworkPolicy/influxdb/default-deny"}

    rest = drift(drifted, "take-back", "--yes")
    assert rest.code == 1, rest.said
    assert "left to pulumi up --refresh --stack passing: Service/influxdb/influxdb" in rest.out
    assert found(drifted) == {"Service/influxdb/influxdb": {"gone ": ""}}

    up = drifted.operation("up", "--refresh", "--yes", "--skip-preview")
    assert up.code == 0, up.said
    assert "+ 1 created" in up.out
    assert found(drifted) == {}
    assert drift(drifted, "check").code == 0
    with drifted.deployed("monitoring.interval", "30s") as changes:
        assert (changes["replace"], changes["update"]) == (1, 1), "what it takes is ours as before"


def test_what_another_holds_is_taken_back_after_a_refresh_too(drifted: Deployment) -> None:
    """The state says what was found then, and `up` is refused until the field is ours again."""
    refused = drifted.operation("up", "--refresh", "--yes", "--skip-preview")
    assert refused.code != 0
    assert 'spec.replicas belongs to "kubectl"' in refused.said
    assert found(drifted)["Deployment/telegraf/telegraf"] == {"held spec.replicas": "kubectl"}
    taken = drift(drifted, "take-back", "--yes")
    assert taken.code == 0, taken.said
    done = drifted.operation("up", "--refresh", "--yes", "--skip-preview")
    assert done.code == 0, done.said
    assert found(drifted) == {}
    telegraf = drifted.everything()["Deployment telegraf/telegraf"]
    assert telegraf["spec"]["replicas"] == 1
