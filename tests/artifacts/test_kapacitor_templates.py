"""The templates of alert rules: grammar, nodes, and what is the same in all of them.

One that Kapacitor cannot read keeps it from starting.
"""

from pathlib import Path

import pytest

from efd_infra.artifacts import read_artifact
from efd_infra.manifests.alerts.rule import Shape
from tests.support.tickscript import TickError, parse, tokens

_FOLDER = Path(__file__).parents[2] / "efd_infra" / "artifacts" / "kapacitor" / "templates"
_GOOD = read_artifact("kapacitor/templates/lasting.tick")


def _alerts(shape: Shape) -> list[dict[str, tuple[str, ...]]]:
    """Return the properties of each alert node of a template, with their arguments."""
    found: list[dict[str, tuple[str, ...]]] = []
    for _, calls in parse(read_artifact(f"kapacitor/templates/{shape}.tick")).chains:
        for call in calls:
            arguments = tuple(argument.text for argument in call.arguments)
            if call.mark == "|" and call.name == "alert":
                found.append({})
            elif call.mark == "|":
                found.append({}) if call.name == "influxDBOut" else None
            elif found:
                found[-1][call.name] = arguments
    return [properties for properties in found if "topic" in properties]


def test_there_is_a_template_for_each_shape() -> None:
    assert {path.stem for path in _FOLDER.glob("*.tick")} == set(Shape)


@pytest.mark.parametrize("shape", Shape)
def test_each_is_of_the_language(shape: Shape) -> None:
    script = parse(read_artifact(f"kapacitor/templates/{shape}.tick"))
    assert [start for start, _ in script.chains] == ["batch", "watched", "watched"]


@pytest.mark.parametrize("shape", Shape)
def test_what_is_declared_is_used(shape: Shape) -> None:
    """A variable without a use would be a value of the rule that does nothing."""
    text = read_artifact(f"kapacitor/templates/{shape}.tick")
    names = [name for kind, name in tokens(text) if kind == "name"]
    for variable in parse(text).variables:
        used = names.count(variable) - (variable in {"id", "message", "details"}) * 2
        assert used >= 2, f"{variable} is declared and not used"


@pytest.mark.parametrize("shape", Shape)
def test_each_tells_of_changes_and_once_a_day_of_what_stays(shape: Shape) -> None:
    everybody, on_call = _alerts(shape)
    assert everybody["stateChangesOnly"] == on_call["stateChangesOnly"] == ("24h",)
    assert (everybody["topic"], on_call["topic"]) == (("warning",), ("critical",))
    assert "warn" not in on_call, "or the end of a warning would be told to those on call"
    assert everybody["crit"] == on_call["crit"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("'warning'", "'warning"),
        ("'warning'", '"warning"'),
        (".topic('warning')", ".topic('warning'"),
        (".topic('warning')", ".topik('warning')"),
        (".topic('warning')", "|topic('warning')"),
        (".every(every)", ".every(message)"),
        (".every(every)", ".every(often)"),
        (".warn(warning)", ".warn()"),
        ("var grain duration", "var grain"),
        ("var grain duration", "var grain time"),
        ("|min('value')", "|least('value')"),
        ("\nwatched\n", "\nwatch\n"),
    ],
)
def test_what_is_wrong_is_seen(right: str, wrong: str) -> None:
    assert right in _GOOD
    with pytest.raises(TickError):
        parse(_GOOD.replace(right, wrong, 1))
