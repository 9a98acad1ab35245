"""The report on what the real engine previews for a deployed site."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from report.__main__ import main
from tests.engine.deployment import Deployment

pytestmark = pytest.mark.engine

_BROKERS = "StatefulSet `cp-helm-charts/cp-helm-charts-cp-kafka` at `lasting`"
Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def told(
    lasting: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[[Edit], tuple[int, str]]:
    """Edit the document of the site's file, preview, and report; the file is as before then."""

    def tell(edit: Edit) -> tuple[int, str]:
        before, copied = lasting.site_file.read_text(), lasting.stack.config_file.read_text()
        document = yaml.safe_load(before)
        edit(document["config"])
        lasting.site_file.write_text(yaml.safe_dump(document))
        try:
            lasting.stack.prepare()
            preview = lasting.operation("preview", "--json")
        finally:
            lasting.site_file.write_text(before)
            lasting.stack.config_file.write_text(copied)  # with the secrets that are deployed
        path = tmp_path / "preview.json"
        path.write_text(preview.out)
        known = _secrets(lasting)
        capsys.readouterr()
        code = main(["preview", f"--site=lasting={path}"])
        text = capsys.readouterr().out
        assert text.startswith("## What this change does\n"), preview.said
        assert [secret for secret in known if secret in text] == []
        assert main(["preview", f"--site=lasting={path}"]) == code
        assert capsys.readouterr().out == text, "the same preview gives the same report"
        return code, text

    return tell


def _secrets(deployment: Deployment) -> set[str]:
    """Return every password that the stack knows."""
    return {
        resource["outputs"]["result"]["plaintext"].strip('"')
        for resource in deployment.resources(show_secrets=True)
        if resource["type"].startswith("random:") and "RandomPassword" in resource["type"]
    }


def _kafka(config: dict[str, Any]) -> dict[str, Any]:
    section: dict[str, Any] = config["efd:site"]["streaming"]["kafka"]
    return section


def _section(text: str, title: str) -> str:
    return re.split(r"^### ", text.partition(f"{title}\n")[2], flags=re.MULTILINE)[0]


def test_nothing_is_told_of_a_site_that_is_as_its_file_says(told: Any) -> None:
    code, text = told(lambda _: None)
    assert code == 0
    assert "**Nothing changes at any site.**" in text


def test_a_shorter_retention_is_a_danger_a_restart_and_a_line(told: Any) -> None:
    code, text = told(lambda config: _kafka(config).update(retention="24h"))
    assert code == 1
    assert "**not approved** at `lasting`: `retention-shortened/kafka/3d-to-1d`" in text
    restarts = _section(text, "2. Restarts")
    assert f"**update** {_BROKERS}" in restarts
    assert "It reads what changes: ConfigMap cp-helm-charts/kafka-settings." in restarts
    assert "1 broker restarts: about 70 s." in restarts
    assert "+log.retention.ms=86400000" in _section(text, "4. Configuration files")
    assert not re.search(r"kafka-settings-[0-9a-f]{8}", text), "made-up names differ in each run"


def test_a_version_is_a_restart_with_both_images(told: Any) -> None:
    code, text = told(
        lambda config: config["efd:site"].update(images={"kafka": "apache/kafka:4.3.0"})
    )
    assert code == 0
    restarts = _section(text, "2. Restarts")
    assert f"**update** {_BROKERS}" in restarts
    assert "kafka.image: apache/kafka:4.3.1 → apache/kafka:4.3.0" in restarts


def test_a_renamed_host_is_access(told: Any) -> None:
    code, text = told(
        lambda config: config["efd:site"]["timeseries"]["influxdb"].update(host="new.example.org")
    )
    assert code == 0
    access = _section(text, "3. Access and secrets")
    assert "**update** Ingress `influxdb/influxdb` at `lasting`" in access
    assert "spec.rules[0].host: influxdb.lasting.example.org → new.example.org" in access


def test_a_store_that_grows_is_no_danger(told: Any) -> None:
    code, text = told(lambda config: _kafka(config).update(storage={"size": "20Gi"}))
    assert code == 0
    assert "spec.resources.requests.storage: 10Gi → 20Gi" in _section(text, "5. Everything else")


def test_a_removed_section_is_refused_by_the_engine_and_told_as_dangers(told: Any) -> None:
    def remove(config: dict[str, Any]) -> None:
        del config["efd:site"]["timeseries"]["chronograf"]
        del config["efd:chronografClientId"], config["efd:chronografClientSecret"]

    code, text = told(remove)
    assert code == 1
    assert "`store-deleted/chronograf/chronograf-chronograf`" in _section(text, "Dangers")
    assert "cannot be deleted because it is protected" in _section(text, "Refusals")
    assert "**delete** Deployment `chronograf/chronograf-chronograf`" in _section(
        text, "2. Restarts"
    )


def test_other_passwords_are_told_by_name_and_restart_their_readers(told: Any) -> None:
    code, text = told(lambda config: _kafka(config).update(loginGeneration=2))
    assert code == 0
    access = _section(text, "3. Access and secrets")
    assert "**replace** Secret `kafdrop/kafka-user-efd-kafdrop-kafdrop`" in access
    assert "**replace** RandomPassword `kafka-user-efd-kafdrop-password`" in access
    restarts = _section(text, "2. Restarts")
    assert f"**update** {_BROKERS}" in restarts
    assert "Secret kafdrop/kafka-user-efd-kafdrop-kafdrop." in restarts


def test_another_configured_secret_is_told_by_its_key(
    lasting: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    canary = "canary-in-the-configuration"
    key = "efd:kafdropClientSecret"
    stack = lasting.stack
    copied = stack.config_file.read_text()
    stack.run(["config", "set", "--secret", key, *_of(lasting)], given=canary)
    try:
        shown = [
            lasting.operation("preview", "--json", *more) for more in ((), ("--show-secrets",))
        ]
    finally:
        stack.config_file.write_text(copied)
    for run in shown:
        path = tmp_path / "preview.json"
        path.write_text(run.out)
        assert main(["preview", f"--site=lasting={path}"]) == 0
        text = capsys.readouterr().out
        assert "Other values of: client-secret." in text
        assert canary not in text
        assert base64.b64encode(canary.encode()).decode() not in text
    assert json.loads(shown[0].out)["changeSummary"]["replace"] == 1


def _of(deployment: Deployment) -> list[str]:
    stack = deployment.stack
    return ["--stack", stack.site, "--config-file", str(stack.config_file)]
