"""What fills tiers, as a component."""

import json

import pulumi
import pytest

from efd_infra.components.foundation.platform import Platform
from efd_infra.components.timeseries.downsampling import Downsampling, DownsamplingArgs
from efd_infra.config.parsing import parse_site
from rendering.engine import run
from rendering.recording import Run
from tests.support.full_site import full_site


@pytest.fixture(scope="module")
def downsampling() -> Run:
    """The tiers of a site that says everything."""
    site = parse_site(full_site())

    def program() -> None:
        Downsampling(
            "downsampling",
            DownsamplingArgs(
                section=site.timeseries,
                platform=Platform(cluster=site.cluster, images=site.images),
                namespace="influxdb",
                influxdb_url="http://influxdb.influxdb:8086",
                metrics_database="telegraf",
                user_secret="user",  # noqa: S106 -- the name of a Secret
                after=[],
            ),
            pulumi.ResourceOptions(),
        )

    return run(program)


def test_it_begins_in_the_morning_of_the_site_and_has_ended_by_evening(downsampling: Run) -> None:
    spec = downsampling.one("CronJob", "downsampling").spec
    assert (spec["schedule"], spec["timeZone"]) == ("30 8 * * *", "America/Santiago")
    day = int(7.75 * 3600)
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == day
    told = json.loads(downsampling.texts("ConfigMap", "downsampling-files")["settings.json"])
    assert 0 < told["seconds"] < day, "it stops by itself, and is not killed"
    assert spec["startingDeadlineSeconds"] < 3600, "none begins late and goes on into the night"


def test_no_two_runs_meet(downsampling: Run) -> None:
    spec = downsampling.one("CronJob", "downsampling").spec
    assert spec["concurrencyPolicy"] == "Forbid"


def test_each_tier_is_told_what_it_is_made_of(downsampling: Run) -> None:
    told = json.loads(downsampling.texts("ConfigMap", "downsampling-files")["settings.json"])
    assert told["metrics"] == "telegraf"
    assert told["lateness"] == 98 * 3600
    middle, low = told["tiers"]
    assert (middle["database"], middle["policy"], middle["source"]) == ("efd", "middle", "autogen")
    assert (middle["every"], middle["derived"]) == (20, False)
    assert middle["statistics"] == ["sum", "count", "max"]
    assert (low["policy"], low["source"], low["derived"]) == ("low", "middle", True)


def test_the_password_is_a_file(downsampling: Run) -> None:
    (container,) = downsampling.one("CronJob", "downsampling").containers
    assert all("value" in variable for variable in container["env"])
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts["login"] == next(v["value"] for v in container["env"] if v["name"] == "LOGIN_DIR")
