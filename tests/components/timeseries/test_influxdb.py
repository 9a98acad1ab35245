"""InfluxDB as a component."""

from collections.abc import Mapping

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.timeseries.influxdb import InfluxDb, InfluxDbArgs
from efd_infra.config.influxdb_user import influxdb_users
from efd_infra.config.parsing import parse_site
from rendering.engine import run
from rendering.recording import Run
from rendering.registration import Registration
from tests.support.full_site import changed, full_site


def _run(data: Mapping[str, object]) -> Run:
    site = parse_site(dict(data))
    users = influxdb_users(site)

    def program() -> None:
        InfluxDb(
            "influxdb",
            InfluxDbArgs(
                section=site.timeseries.influxdb,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="influxdb",
                public=site.endpoint(site.timeseries.influxdb.host),
                users=users,
                user_secrets={name: f"secret-of-{name}" for name in users},
                signing_secret="signing",  # noqa: S106 -- the name of a Secret
                door_keys={},
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


@pytest.fixture(scope="module")
def influxdb() -> Run:
    """InfluxDB of a site that says everything."""
    return _run(full_site())


def _job(result: Run) -> Registration:
    (job,) = result.of_kind("Job")
    return job


def test_the_store_is_a_claim_of_its_own_which_can_grow(influxdb: Run) -> None:
    claim = influxdb.one("PersistentVolumeClaim", "influxdb-data-influxdb-0")
    server = influxdb.one("StatefulSet", "influxdb")
    names = [
        volume["persistentVolumeClaim"]["claimName"]
        for volume in server.pod["volumes"]
        if "persistentVolumeClaim" in volume
    ]
    assert names == [claim.object_name]
    assert "volumeClaimTemplates" not in server.spec, "a claim template could never grow"


def test_a_durable_store_is_protected_and_kept(influxdb: Run) -> None:
    claim = influxdb.one("PersistentVolumeClaim", "influxdb-data-influxdb-0")
    assert claim.protect
    assert claim.retain_on_delete


def test_the_server_has_time_to_open_its_index(influxdb: Run) -> None:
    server, _ = influxdb.one("StatefulSet", "influxdb").containers
    probe = server["startupProbe"]
    assert probe["failureThreshold"] * probe["periodSeconds"] >= 900, "or it is killed in a loop"


def test_the_key_that_signs_tokens_comes_from_a_secret(influxdb: Run) -> None:
    server, _ = influxdb.one("StatefulSet", "influxdb").containers
    (variable,) = server["env"]
    assert variable["name"] == "INFLUXDB_HTTP_SHARED_SECRET"
    assert variable["valueFrom"]["secretKeyRef"] == {"name": "signing", "key": "shared-secret"}


def test_backup_and_restore_are_not_on_the_service(influxdb: Run) -> None:
    service = influxdb.one("Service", "influxdb")
    assert [port["port"] for port in service.spec["ports"]] == [8086], "8088 has no login"


def test_the_public_host_serves_what_needs_a_login_only(influxdb: Run) -> None:
    ingress = influxdb.one("Ingress", "influxdb")
    (rule,) = ingress.spec["rules"]
    paths = [path["path"] for path in rule["http"]["paths"]]
    assert "/query" in paths
    assert "/" not in paths, "/debug/vars and /metrics answer anybody"


def test_the_public_host_waits_as_long_as_a_query_may_take(influxdb: Run) -> None:
    annotations = influxdb.one("Ingress", "influxdb").annotations
    assert annotations["nginx.ingress.kubernetes.io/proxy-read-timeout"] == "901"
    assert annotations["nginx.ingress.kubernetes.io/proxy-body-size"] == "0"


def test_the_pods_of_the_job_are_not_behind_the_service(influxdb: Run) -> None:
    selector = influxdb.one("Service", "influxdb").spec["selector"].items()
    job = _job(influxdb)
    assert not selector <= job.pod_labels.items(), "a script is no database"


def test_the_job_waits_for_the_server(influxdb: Run) -> None:
    server = influxdb.one("StatefulSet", "influxdb")
    assert server.urn in _job(influxdb).dependencies


def test_the_job_stays_after_its_end(influxdb: Run) -> None:
    spec = _job(influxdb).spec
    assert "ttlSecondsAfterFinished" not in spec, "a Job that is gone is made again"
    assert spec["activeDeadlineSeconds"] > 0, "one that hangs must end"


def test_the_job_reads_each_password_from_a_file(influxdb: Run) -> None:
    job = _job(influxdb)
    (script,) = job.containers
    secrets = {
        volume["name"]: volume["secret"]["secretName"]
        for volume in job.pod["volumes"]
        if "secret" in volume
    }
    mounts = {secrets.get(mount["name"]): mount["mountPath"] for mount in script["volumeMounts"]}
    assert mounts["secret-of-efdreader"] == "/etc/efd/users/efdreader"
    assert mounts["secret-of-admin"] == "/etc/efd/users/admin"
    assert not [variable for variable in script["env"] if "valueFrom" in variable]


def test_a_changed_retention_makes_a_new_job() -> None:
    path = "timeseries.influxdb.databases.0.retention.0.keep"
    before, after = _run(full_site()), _run(changed(full_site(), path, "40d"))
    name = "influxdb-setup-settings"
    one, other = before.one("ConfigMap", name), after.one("ConfigMap", name)
    assert one.autonamed, "an auto-named ConfigMap gets a new name, and with it the Job's template"
    assert one.inputs["data"] != other.inputs["data"]
    assert _job(before).autonamed, "a new Job needs a new name beside the old one"


def test_a_site_without_durability_can_be_removed() -> None:
    result = _run(changed(full_site(), "cluster.durable", value=False))
    claim = result.one("PersistentVolumeClaim", "influxdb-data-influxdb-0")
    assert not claim.protect
    assert not claim.retain_on_delete
