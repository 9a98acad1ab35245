"""The Job that sets Kafka's users, as a component."""

from typing import Any

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.streaming.kafka_users import KafkaUsers, KafkaUsersArgs
from efd_infra.config.parsing import parse_site
from efd_infra.manifests.kafka_client import LOGIN_DIR
from efd_infra.manifests.kafka_users import site_user
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import changed, full_site
from tests.support.kafka_login import LOGIN


def _run(data: dict[str, Any], secrets: str = "secret-of") -> Run:
    site = parse_site(data)
    users = [site_user(user) for user in site.streaming.kafka.users]

    def program() -> None:
        KafkaUsers(
            "kafka-users",
            KafkaUsersArgs(
                section=site.streaming.kafka,
                users=users,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="cp-helm-charts",
                login=LOGIN,
                user_secrets={user.name: f"{secrets}-{user.name}" for user in users},
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def _template(result: Run) -> dict[str, Any]:
    (job,) = result.of_kind("Job")
    return job.template


@pytest.fixture(scope="module")
def users() -> Run:
    """The Job of a site that says everything: three users."""
    return _run(full_site())


def test_each_password_is_a_file_of_the_job(users: Run) -> None:
    (container,) = _template(users)["spec"]["containers"]
    mounts = {m["name"]: m["mountPath"] for m in container["volumeMounts"]}
    secrets = {
        mounts[v["name"]]: v["secret"]["secretName"]
        for v in _template(users)["spec"]["volumes"]
        if "secret" in v
    }
    assert secrets.pop(LOGIN_DIR) == LOGIN.secret, "the brokers' own, who alone may set users"
    assert secrets == {
        f"/etc/efd/users/{name}": f"secret-of-{name}"
        for name in ("sal-writer", "analyst", "far-mirror", "exporter")
    }


def test_a_changed_password_makes_a_new_job(users: Run) -> None:
    """A new Secret has a new name, and a Job's template is immutable."""
    assert _template(_run(full_site(), secrets="new-secret-of")) != _template(users)


def test_a_changed_user_changes_the_lists() -> None:
    site = changed(full_site(), "streaming.kafka.users.0.produces", ["other."])
    (before,) = _run(full_site()).of_kind("ConfigMap")
    (after,) = _run(site).of_kind("ConfigMap")
    assert before.inputs["data"] != after.inputs["data"]
    assert before.autonamed, "so that changed lists make a new Job"


def test_the_job_is_there_when_the_last_user_has_gone() -> None:
    """Somebody must remove that user."""
    result = _run(changed(full_site(), "streaming.kafka.users", []))
    assert result.of_kind("Job")
    (lists,) = result.of_kind("ConfigMap")
    assert set(lists.inputs["data"].values()) == {""}


def test_an_attempt_ends_before_the_job_does(users: Run) -> None:
    (job,) = users.of_kind("Job")
    (container,) = job.pod["containers"]
    env = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert int(env["PATIENCE"]) < job.spec["activeDeadlineSeconds"]
