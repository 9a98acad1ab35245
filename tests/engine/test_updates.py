"""What a change in the site file does to a deployed site, and what it leaves alone."""

import pytest

from tests.engine import inventory
from tests.engine.deployment import Deployment

pytestmark = pytest.mark.engine

RETENTION = "timeseries.influxdb.databases.0.retention.0.keep"
INFLUXDB_SIZE = "timeseries.influxdb.storage.size"
BROKER_SIZE = "streaming.kafka.storage.size"
INTERVAL = "monitoring.interval"


def test_the_first_up_makes_exactly_what_the_state_says(lasting: Deployment) -> None:
    kinds = {r["type"].rpartition(":")[2] for r in lasting.resources()}
    assert {"Namespace", "StatefulSet", "Deployment", "Job", "PersistentVolumeClaim"} <= kinds
    assert set(inventory.of_a_site(lasting.everything())) == lasting.recorded()


def test_after_the_first_up_every_workload_is_ready(lasting: Deployment) -> None:
    found = lasting.everything()
    assert any(key.startswith(("Deployment ", "StatefulSet ")) for key in found)
    assert inventory.unready(found) == {}
    jobs = [o for key, o in found.items() if key.startswith("Job ")]
    assert {job["status"].get("succeeded") for job in jobs} == {1}
    claims = [o for key, o in found.items() if key.startswith("PersistentVolumeClaim ")]
    assert {claim["status"]["phase"] for claim in claims} == {"Bound"}


def test_the_second_up_changes_nothing(lasting: Deployment) -> None:
    before = inventory.versions(lasting.everything())
    assert set(lasting.up()) == {"same"}
    assert inventory.versions(lasting.everything()) == before, "not even in passing"


def test_a_changed_retention_shows_exactly_the_setup_in_a_preview(lasting: Deployment) -> None:
    before = inventory.versions(lasting.everything())
    with lasting.described(RETENTION, "31d"):
        assert lasting.planned() == {
            "replace ConfigMap influxdb-setup-settings",
            "replace Job influxdb-setup-job",
        }
    assert inventory.versions(lasting.everything()) == before, "a preview touches nothing"


def test_a_changed_file_rolls_only_the_pods_that_mount_it(lasting: Deployment) -> None:
    before = lasting.pods()
    with lasting.deployed(INTERVAL, "30s") as changes:
        assert inventory.difference(before, lasting.pods()) == {"telegraf"}
        assert (changes["replace"], changes["update"]) == (1, 1)
    texts = [o for key, o in lasting.everything().items() if key.startswith("ConfigMap telegraf/")]
    files = [o for o in texts if "telegraf.conf" in o.get("data", {})]
    assert len(files) == 1, "the file of the replaced ConfigMap went with it"
    assert 'interval = "60s"' in files[0]["data"]["telegraf.conf"]


@pytest.mark.parametrize(
    ("path", "claim"),
    [
        (INFLUXDB_SIZE, "influxdb/influxdb-data-influxdb-0"),
        (BROKER_SIZE, "cp-helm-charts/data-cp-helm-charts-cp-kafka-0"),
    ],
)
def test_a_grown_store_grows_its_claim_and_restarts_nothing(
    lasting: Deployment, path: str, claim: str
) -> None:
    before, pods = lasting.everything(), lasting.pods()
    key = f"PersistentVolumeClaim {claim}"
    size = int(before[key]["spec"]["resources"]["requests"]["storage"].removesuffix("Gi")) + 1
    lasting.describe(path, f"{size}Gi")  # for good: a claim does not shrink
    assert lasting.planned() == {f"update PersistentVolumeClaim {_logical(lasting, claim)}"}
    changes = lasting.up()
    assert {kind: n for kind, n in changes.items() if kind != "same"} == {"update": 1}
    after = lasting.everything()[key]
    assert after["status"]["capacity"]["storage"] == f"{size}Gi"
    assert after["metadata"]["uid"] == before[key]["metadata"]["uid"]
    assert lasting.pods() == pods


def test_a_new_password_rolls_exactly_its_readers(lasting: Deployment) -> None:
    before = lasting.pods()
    (password,) = [
        r for r in lasting.resources() if r["urn"].endswith("::influxdb-kapacitor-password")
    ]
    run = lasting.operation("up", "--yes", "--skip-preview", f"--replace={password['urn']}")
    assert run.code == 0, run.said
    assert inventory.difference(before, lasting.pods()) == {"kapacitor", "influxdb-setup"}, (
        "the server's own pod reads no user's password: the setup tells it"
    )
    (renewed,) = [r for r in lasting.resources() if r["urn"] == password["urn"]]
    assert renewed["outputs"]["result"] != password["outputs"]["result"]


def _logical(deployment: Deployment, claim: str) -> str:
    (urn,) = [r["urn"] for r in deployment.resources() if r.get("id") == claim]
    return str(urn.rpartition("::")[2])
