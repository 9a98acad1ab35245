"""Previews as files: what is read of them, and that no secret gets out."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from rendering.wire import SECRET, SIGNATURE, UNKNOWN
from report.__main__ import main
from report.comment import full
from report.preview import read
from tests.support.report_pair import found, named, outcome
from verify.finding import UnaskedError

_CANARY = "canary-of-this-test"
_ENCODED = base64.b64encode(_CANARY.encode()).decode()
_MARKED = {SIGNATURE: SECRET, "plaintext": json.dumps(_CANARY)}


def _step(operation: str, kind: str, name: str, old: Any = None, new: Any = None) -> dict[str, Any]:
    urn = f"urn:pulumi:site::efd::efd:foundation:Parent$kubernetes:core/v1:{kind}::{name}"
    frame = {"kind": kind, "metadata": {"name": name, "namespace": "n"}}
    states = {"oldState": old, "newState": new}
    told = {key: {"inputs": frame | inputs} for key, inputs in states.items() if inputs is not None}
    return {"op": operation, "urn": urn, **told}


def _preview(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"steps": list(steps), "changeSummary": {"same": 3}, **more}


@pytest.mark.parametrize(
    "step",
    [
        _step("replace", "Secret", "a", {"data": {"k": "b2xk"}}, {"data": {"k": _ENCODED}}),
        _step("replace", "Secret", "a", {"data": {"k": _ENCODED}}, {"data": {"other": _ENCODED}}),
        _step("update", "Secret", "a", {"stringData": {"k": "a"}}, {"stringData": {"k": _CANARY}}),
        _step("create", "Secret", "a", None, {"stringData": {"k": _CANARY}}),
        _step("delete", "Secret", "a", {"data": {"k": _ENCODED}}),
        _step("update", "Ingress", "a", {"spec": {"x": "1"}}, {"spec": {"x": _MARKED}}),
        _step("update", "Ingress", "a", {"spec": {"x": _MARKED}}, {"spec": {"x": "CANARYxyz"}}),
    ],
    ids=lambda step: f"{step['op']} {step['urn'].rpartition(':')[2]}",
)
def test_no_secret_is_told_even_of_a_preview_that_shows_them(step: dict[str, Any]) -> None:
    leak = {"spec": {"env": [f"--password={_CANARY}"], "encoded": _ENCODED}}
    other = _step("update", "Service", "b", {"spec": {}}, leak)
    shown = {"stringData": {"k": _CANARY}}
    known = _step("update", "Secret", "known", shown, shown)
    report = outcome([read("site", _preview(step, other, known))])
    for text in (full(report), json.dumps(report.data)):
        assert _CANARY not in text
        assert _ENCODED not in text
        assert "CANARY" not in text
    assert "--password=[secret]" in full(report)


def test_which_keys_of_a_secret_differ_is_told_where_the_engine_tells_it() -> None:
    hidden = {"data": "[secret]"}
    step = _step("replace", "Secret", "login", hidden, hidden)
    step["detailedDiff"] = {'data["client-id"]': {"kind": "update-replace"}}
    assert "Other values of: client-id." in full(outcome([read("site", _preview(step))]))
    step["detailedDiff"] = {"data": {"kind": "update-replace"}}
    assert "Its values differ." in full(outcome([read("site", _preview(step))]))


def test_a_value_that_is_not_known_yet_is_called_so() -> None:
    step = _step("update", "Service", "a", {"spec": {"x": "1"}}, {"spec": {"x": UNKNOWN}})
    assert "spec.x: 1 → (known later)" in full(outcome([read("site", _preview(step))]))


def test_made_up_names_are_told_as_the_logical_ones() -> None:
    step = _step("replace", "ConfigMap", "settings", {"data": {"f": "1\n"}}, {"data": {"f": "2\n"}})
    for state, suffix in (("oldState", "-1234abcd"), ("newState", "-abcd1234")):
        step[state]["inputs"]["metadata"] = {"name": f"settings{suffix}", "namespace": "n"}
    volumes = [
        {"spec": {"template": {"spec": {"volumes": [{"configMap": {"name": f"settings{s}"}}]}}}}
        for s in ("-1234abcd", "-abcd1234")
    ]
    site = read("site", _preview(step, _step("update", "Deployment", "server", *volumes)))
    server = named(site, "Deployment", "n/server")
    assert server.causes == ("ConfigMap n/settings",)
    assert server.restarts
    assert server.old == server.new
    assert "1234" not in full(outcome([site]))


def test_steps_that_change_nothing_are_left_out_and_counted() -> None:
    steps = [_step(op, "Service", op, {}, {}) for op in ("same", "read", "delete-replaced")]
    site = read("site", _preview(*steps))
    assert site.changes == ()
    assert site.unchanged == 3


def test_an_error_of_the_engine_is_a_refusal() -> None:
    errors = [{"severity": "error", "message": "error: it is protected\n"}]
    warnings = [{"severity": "warning", "message": "warning: nobody listens"}]
    site = read("site", _preview(diagnostics=errors + warnings))
    assert site.refusal == "error: it is protected"
    assert outcome([site]).exit_code == 1


def test_a_protected_resource_that_goes_is_a_danger() -> None:
    step = _step("delete", "Service", "a", {})
    step["oldState"]["protect"] = True
    assert found([read("site", _preview(step))]) == ["protected-deleted/Service/n/a"]


def test_another_id_of_the_kafka_cluster_is_a_danger() -> None:
    urn = (
        "urn:pulumi:site::efd::efd:streaming:Kafka$random:index/randomId:RandomId::kafka-cluster-id"
    )
    states = {key: {"inputs": {"byteLength": n}} for key, n in (("oldState", 16), ("newState", 8))}
    step = {"op": "replace", "urn": urn, **states}
    assert found([read("site", _preview(step))]) == ["kafka-cluster-id/kafka-cluster-id"]


def test_a_step_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnaskedError, match="a step 'explode'; known are: create, update"):
        read("site", _preview(_step("explode", "Service", "a")))


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}"])
def test_a_file_that_is_no_preview_is_refused(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "preview.json"
    path.write_text(text)
    assert main(["preview", "--site", f"site={path}"]) == 2
    assert "pulumi preview --json" in capsys.readouterr().err


def test_a_site_without_a_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "--site", "summit"]) == 2
    assert "given 'summit'; allowed: NAME=FILE" in capsys.readouterr().err


def test_the_same_files_give_the_same_comment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = {name: tmp_path / f"{name}.json" for name in ("one", "two")}
    step = _step("update", "Service", "a", {"spec": {"x": "1"}}, {"spec": {"x": "2"}})
    for path in paths.values():
        path.write_text(json.dumps(_preview(step)))
    given = [f"--site={name}={path}" for name, path in paths.items()]
    everything = tmp_path / "full.md"
    assert main(["preview", *given, "--full", str(everything)]) == 0
    first = capsys.readouterr().out
    assert main(["preview", *given[::-1]]) == 0
    assert capsys.readouterr().out == first == everything.read_text()
    assert "at `one`, `two`" in first


def test_programs_get_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "preview.json"
    path.write_text(json.dumps(_preview(_step("delete", "Namespace", "a", {}))))
    assert main(["preview", "--site", f"site={path}", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["exit"] == 1
    assert told["unapproved"][0]["what"] == "namespace-deleted/n/a"
    (change,) = told["sites"][0]["changes"]
    assert change["operation"] == "delete"
