"""Long-term storage at a site that says everything."""

import json
import shlex
from typing import Any

from rendering.engine import run_program
from rendering.registration import Registration
from tests.support.full_site import full_site, without
from tests.support.site_case import FULL

_NAME, _NAMESPACE = "parquet-files", "kafka-connect-manager"
_SECRET = "archive-keys-outside"  # noqa: S105 -- the name of a Secret


def _manager() -> Registration:
    return FULL.run.one("Deployment", _NAME, _NAMESPACE)


def _env() -> dict[str, str]:
    return {each["name"]: each["value"] for each in _manager().containers[0]["env"]}


def _settings() -> dict[str, Any]:
    """Return what the manager's command prints."""
    (mount,) = _manager().containers[0]["volumeMounts"]
    (volume,) = _manager().pod["volumes"]
    files = FULL.run.texts("ConfigMap", volume["configMap"]["name"])
    program, path = shlex.split(_env()["GENERATOR"])
    assert program == "cat"
    settings: dict[str, Any] = json.loads(files[path.removeprefix(f"{mount['mountPath']}/")])
    return settings


def test_the_connector_has_a_manager_as_every_other_has() -> None:
    assert _env()["KAFKA_CONNECT_NAME"] == _settings()["name"] == _NAME
    service = FULL.run.one("Service", _NAME, _NAMESPACE)
    assert service.spec["selector"] == _manager().spec["selector"]["matchLabels"]


def test_what_the_site_says_of_the_bucket_is_said_to_the_connector() -> None:
    settings = _settings()
    said = {key: settings[key] for key in ("store.url", "s3.bucket.name", "s3.region", "tasks.max")}
    assert said == {
        "store.url": "https://archive.example.org:9444",
        "s3.bucket.name": "files-of-full",
        "s3.region": "ap-east-1",
        "tasks.max": 6,
    }
    assert settings["topics.regex"] == r"(?!(?:lsst\.sal\.KE.*|.*-aggregated)$)(?:lsst\.sal\.K.*)"


def test_statistics_beside_records_have_a_manager_of_their_own() -> None:
    manager = FULL.run.one("Deployment", f"{_NAME}-statistics", _NAMESPACE)
    env = {each["name"]: each["value"] for each in manager.containers[0]["env"]}
    assert env["KAFKA_CONNECT_NAME"] == f"{_NAME}-statistics"


def test_a_manager_that_asks_the_brokers_nothing_has_no_login() -> None:
    assert [volume for volume in _manager().pod["volumes"] if "secret" in volume] == []


def test_the_keys_are_where_the_workers_look_for_them() -> None:
    worker = FULL.run.one("Deployment", "cp-helm-charts-cp-kafka-connect")
    (volume,) = [
        v for v in worker.pod["volumes"] if v.get("secret", {}).get("secretName") == _SECRET
    ]
    (container,) = worker.pod["containers"]
    (mount,) = [m for m in container["volumeMounts"] if m["name"] == volume["name"]]
    for option, key in (
        ("aws.access.key.id", "access-key-id"),
        ("aws.secret.access.key", "secret-access-key"),
    ):
        assert _settings()[option] == f"${{directory:{mount['mountPath']}:{key}}}"


def test_a_site_without_the_section_has_nothing_of_it() -> None:
    result = run_program(without(full_site(), "archive"))
    assert _NAME not in {one.object_name for one in result.objects}
    everything = json.dumps([one.inputs for one in result.objects], default=str)
    assert _SECRET not in everything
    assert "9444" not in everything
