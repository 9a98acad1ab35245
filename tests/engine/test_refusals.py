"""What the real CLI refuses, and that it touches nothing then."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from devkit.errors import DevkitError
from devkit.stack import PARALLEL, Stack
from tests.engine import inventory
from tests.engine.deployment import SITE, Deployment
from tests.support.full_site import changed

pytestmark = pytest.mark.engine


def test_a_durable_site_is_not_destroyed(lasting: Deployment) -> None:
    before = inventory.versions(lasting.everything())
    refused = lasting.destroy()
    assert refused.code != 0
    claims = [r["urn"] for r in lasting.resources() if "PersistentVolumeClaim" in r["type"]]
    assert len(claims) == 4
    unnamed = [urn for urn in claims if f'"{urn}" cannot be deleted' not in refused.said]
    assert unnamed == [], refused.said
    assert inventory.versions(lasting.everything()) == before, "nothing went, stores or not"


def test_a_mistaken_site_file_is_refused_before_anything_is_registered(empty: Deployment) -> None:
    before = inventory.versions(empty.everything())
    with (
        empty.described("streaming.kafka.storag", {"size": "10Gi"}),
        empty.described("timeseries.influxdb.databases", [{"name": "efd", "retenton": []}]),
    ):
        empty.stack.prepare()
        refused = empty.operation("up", "--yes", "--skip-preview")
    assert refused.code != 0
    for path in ("streaming.kafka.storag:", "timeseries.influxdb.databases.0.retenton:"):
        assert refused.said.count(path) == 1, refused.said
    assert "Traceback" not in refused.said
    assert [r for r in empty.resources() if r["type"] != "pulumi:pulumi:Stack"] == []
    assert inventory.versions(empty.everything()) == before


def test_an_unreachable_cluster_is_one_clear_error(lasting: Deployment, tmp_path: Path) -> None:
    kubeconfig = yaml.safe_load(lasting.stack.cluster.kubeconfig.read_text())
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # held, but nobody listens
        server = f"https://127.0.0.1:{nobody.getsockname()[1]}"
        kubeconfig["clusters"][0]["cluster"]["server"] = server
        elsewhere = tmp_path / "kubeconfig"
        elsewhere.write_text(yaml.safe_dump(kubeconfig))
        with lasting.described("monitoring.interval", "90s"):
            lasting.stack.prepare()
            refused = lasting.operation("preview", KUBECONFIG=str(elsewhere))
    assert refused.code != 0
    telling = [line for line in refused.said.splitlines() if server in line]
    assert telling, refused.said
    assert all("connection refused" in line for line in telling)
    assert "Traceback" not in refused.said


def test_another_passphrase_is_one_clear_error(
    lasting: Deployment, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "not the one")
    with pytest.raises(DevkitError) as refused:
        lasting.stack.up()
    assert "passphrase is not the one that the stack lasting was made with" in refused.value.what
    assert "PULUMI_CONFIG_PASSPHRASE" in refused.value.todo
    assert "Traceback" not in capfd.readouterr().err


@pytest.fixture
def newcomer(lasting: Deployment) -> Iterator[Deployment]:
    """Another site whose file names the cluster of the first."""
    workspace = lasting.stack.workspace
    document = yaml.safe_load(lasting.site_file.read_text())
    document["config"] = {"efd:site": document["config"]["efd:site"]}
    for path, value in {
        "name": "newcomer",
        "streaming.kafdrop": None,
        "timeseries.chronograf": None,
    }.items():
        document = changed(document, SITE + path, value)
    file = workspace.sites / "Pulumi.newcomer.yaml"
    file.write_text(yaml.safe_dump(document))
    toolchain, cluster = lasting.stack.toolchain, lasting.stack.cluster
    deployment = Deployment(Stack("newcomer", workspace, toolchain, cluster))
    deployment.stack.prepare()
    yield deployment
    removed = deployment.pulumi("stack", "rm", "--yes", "--force")
    file.unlink()
    assert removed.code == 0, removed.said


def test_a_cluster_where_another_site_lives_is_refused_at_the_first_namespace(
    lasting: Deployment, newcomer: Deployment
) -> None:
    before = inventory.versions(lasting.everything())
    refused = newcomer.operation("up", "--yes", "--skip-preview", f"--parallel={PARALLEL}")
    assert refused.code != 0
    assert "exists" in refused.said
    assert "cp-helm-charts" in refused.said
    made = {r["type"] for r in newcomer.resources() if r["type"].startswith("kubernetes:")}
    assert made == set(), "no object of the other site was taken over"
    assert inventory.versions(lasting.everything()) == before
