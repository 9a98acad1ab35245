"""Backup, rehearsal and restore as objects."""

from typing import Any

import pytest

from rendering.engine import run_program
from rendering.recording import Run
from rendering.registration import Registration
from tests.support.full_site import changed, full_site, without
from tests.support.site_case import FULL


@pytest.fixture(scope="module")
def full() -> Run:
    """A site that says everything."""
    return FULL.run


@pytest.fixture(scope="module")
def claimed() -> Run:
    """A site that keeps copies in a volume."""
    site = without(full_site(), "backup.bucket")
    return run_program(changed(site, "backup.claim", {"size": "1Ti"}))


JOBS = ("backup", "backup-watch", "backup-rehearsal", "restore")


def _job(result: Run, name: str) -> Registration:
    return result.one("CronJob", name, "backup")


def _env(job: Registration) -> dict[str, str]:
    return {each["name"]: each["value"] for each in job.pod["containers"][0]["env"]}


def _secrets(workload: Registration) -> dict[str, str]:
    return {
        volume["name"]: volume["secret"]["secretName"]
        for volume in workload.pod["volumes"]
        if "secret" in volume
    }


def test_a_site_without_the_section_has_nothing_of_it() -> None:
    result = run_program(without(full_site(), "backup"))
    assert [job for job in result.of_kind("CronJob") if job.namespace == "backup"] == []
    assert "backup" not in {o.object_name for o in result.of_kind("Namespace")}
    assert [s for s in result.of_kind("Service") if "door" in s.object_name] == []
    containers = result.one("StatefulSet", "influxdb").containers
    assert [container["name"] for container in containers] == ["influxdb", "store"]


def test_heavy_work_runs_in_the_hours_for_it(full: Run) -> None:
    """From 08:30 to 16:15 in Chile; a rehearsal is on Thursdays, in the second half."""
    times = {name: _job(full, name).spec["schedule"] for name in JOBS[:3]}
    assert times == {
        "backup": "30 8 * * *",
        "backup-watch": "7 * * * *",
        "backup-rehearsal": "22 12 * * 4",
    }
    assert {_job(full, name).spec["timeZone"] for name in JOBS} == {"America/Santiago"}
    assert _env(_job(full, "backup"))["SECONDS"] == str((16 * 60 + 15 - 8 * 60 - 30) * 60)


def test_no_two_runs_of_one_kind_overlap_and_none_is_made_up_for_late(full: Run) -> None:
    for name in JOBS:
        spec = _job(full, name).spec
        assert spec["concurrencyPolicy"] == "Forbid"
        assert spec["startingDeadlineSeconds"] == 900
        assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] > 0


def test_a_run_that_failed_is_not_repeated_outside_its_hours(full: Run) -> None:
    """Its time would begin anew."""
    limits = {n: _job(full, n).spec["jobTemplate"]["spec"]["backoffLimit"] for n in JOBS}
    assert limits == {"backup": 0, "backup-watch": 0, "backup-rehearsal": 0, "restore": 4}


def test_only_a_restore_has_the_key_that_writes_and_the_administrator(full: Run) -> None:
    def held(name: str) -> set[str]:
        return {volume for volume in _secrets(_job(full, name)) if volume != "bucket-keys"}

    assert held("restore") == {"key-restore", "login-admin", "kafka-login"}
    assert held("backup") == {"key-backup", "login-backup", "kafka-login"}
    assert held("backup-rehearsal") == {"key-backup", "login-backup"}
    assert held("backup-watch") == {"login-backup"}


def test_both_sides_of_a_door_have_the_same_key(full: Run) -> None:
    server = _secrets(full.one("StatefulSet", "influxdb"))
    pages = _secrets(full.one("Deployment", "chronograf-chronograf"))

    def value(namespace: str, name: str) -> Any:
        return full.one("Secret", name, namespace).inputs["stringData"]["key"]

    backup = value("backup", _secrets(_job(full, "backup"))["key-backup"])
    restore = value("backup", _secrets(_job(full, "restore"))["key-restore"])
    assert value("influxdb", server["key-backup"]) == backup
    assert value("influxdb", server["key-restore"]) == restore != backup
    rules = _secrets(full.one("Deployment", "kapacitor-kapacitor"))
    assert value("chronograf", pages["key-backup"]) == backup
    assert value("chronograf", pages["key-restore"]) == restore
    assert value("kapacitor", rules["key-restore"]) == restore
    assert "key-backup" not in rules, "Kapacitor gives out a copy itself"


def test_a_door_reads_the_store_of_influxdb_and_changes_nothing(full: Run) -> None:
    (door,) = [c for c in full.one("StatefulSet", "influxdb").containers if c["name"] == "door"]
    (store,) = [mount for mount in door["volumeMounts"] if mount["name"] == "store"]
    assert store["readOnly"] is True


@pytest.mark.parametrize("name", ["chronograf", "kapacitor"])
def test_a_file_that_came_through_a_door_is_taken_up_before_the_server_starts(
    full: Run, name: str
) -> None:
    pod = full.one("Deployment", f"{name}-{name}").pod
    (adopting,) = [c for c in pod["initContainers"] if c["name"] == "adopt"]
    (door,) = [c for c in pod["containers"] if c["name"] == "door"]
    assert adopting["command"] == [*door["command"], "adopt"]
    (file,) = [each["value"] for each in adopting["env"]]
    assert file in {each["value"] for each in door["env"]}
    for container in (adopting, door):
        (store,) = [m for m in container["volumeMounts"] if m["name"] == "store"]
        assert file.startswith(store["mountPath"])
        assert not store.get("readOnly")


def test_schemas_are_put_back_where_the_registry_keeps_them(full: Run) -> None:
    told, kept = _env(_job(full, "restore")), _env(_job(full, "backup"))
    assert told["SCHEMAS_TOPIC"] == kept["SCHEMAS_TOPIC"] == "_schemas"
    name = "AGGREGATED_SCHEMAS_TOPIC"
    assert told[name] == kept[name] == "_aggregated-schemas"
    assert told["BOOTSTRAP"] == kept["BOOTSTRAP"]
    assert told["KAPACITOR_DOOR"] == "kapacitor-door.kapacitor:8089"


def test_another_time_or_place_of_copies_restarts_no_server() -> None:
    """Opening InfluxDB's index takes a quarter of an hour."""
    site = changed(FULL.data, "timeseries.daytime.begins", "09:00")
    site = changed(changed(site, "backup.rate", "1MB/s"), "backup.bucket.prefix", "other")
    other = run_program(site, FULL.secrets, stack="full")
    for kind, name in (("StatefulSet", "influxdb"), ("Deployment", "chronograf-chronograf")):
        assert other.one(kind, name).inputs == FULL.run.one(kind, name).inputs


def test_copies_cross_the_network_encrypted(full: Run) -> None:
    for name in JOBS:
        assert _env(_job(full, name))["DESTINATION"] == (
            "https://store.example.org:9443/copies-of-full/efd/full"
        )


def test_copies_in_a_volume_are_reached_from_one_node(claimed: Run) -> None:
    for name in JOBS:
        job = _job(claimed, name)
        assert _env(job)["DESTINATION"] == "/backup"
        (term,) = job.pod["affinity"]["podAffinity"][
            "requiredDuringSchedulingIgnoredDuringExecution"
        ]
        assert term["labelSelector"]["matchLabels"] == {"app.kubernetes.io/name": "backup"}
        assert "bucket-keys" not in _secrets(job)


def test_the_empty_server_of_a_rehearsal_has_a_volume_that_goes_with_it(full: Run) -> None:
    job = _job(full, "backup-rehearsal")
    (scratch,) = [v["ephemeral"] for v in job.pod["volumes"] if "ephemeral" in v]
    spec = scratch["volumeClaimTemplate"]["spec"]
    assert spec["resources"]["requests"]["storage"] == "120Gi"
    (server,) = job.pod["initContainers"]
    assert server["restartPolicy"] == "Always"
    assert server.get("ports") in (None, []), "nobody else can reach it"
    assert _env(job)["SCRATCH_BYTES"] == str(80 * 2**30)


def test_what_there_must_be_is_what_is_copied(full: Run) -> None:
    expected = _env(_job(full, "backup-watch"))["EXPECTED"].split(",")
    assert expected == [
        *("copy", "rehearsal"),
        *("chronograf", "kapacitor", "schemas", "aggregated-schemas", "connectors", "topics"),
    ]
