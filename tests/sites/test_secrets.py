"""Secrets stay where they belong: planted passwords are looked for everywhere else."""

from policy.rules.secret_text import disguises, leaks
from rendering.monitor import CANARY
from rendering.recording import Run
from rendering.resource import texts
from rendering.wire import UNKNOWN
from tests.support.site_case import CASES, SiteCase

_DISGUISES = disguises(CANARY)


def _sings(text: str) -> bool:
    return any(disguise in text for disguise in _DISGUISES)


def test_canaries_are_planted(run: Run) -> None:
    secrets = [s for s in run.of_kind("Secret") if any(_sings(text) for _, text in s.texts())]
    assert len(secrets) > 5, "without canaries every other rule is satisfied"


def test_no_secret_stands_outside_a_secret(run: Run) -> None:
    found = [str(violation) for violation in leaks(run.resources, {CANARY})]
    assert found == [], "not in a ConfigMap, an argument, a variable, an annotation or a name"


def test_every_secret_is_marked_for_the_engine(run: Run) -> None:
    clear = [
        f"{resource} at {'.'.join(map(str, path))}"
        for resource in run.resources
        for path, text in resource.texts()
        if _sings(text) and not resource.is_secret(path)
    ]
    assert clear == [], "an unmarked value is in clear in the state and in every preview"


def test_the_values_of_every_secret_are_marked(run: Run) -> None:
    for secret in run.of_kind("Secret"):
        for field in ("data", "stringData"):
            if field in secret.inputs:
                assert secret.is_secret((field,)), secret


def test_no_output_shows_a_secret(run: Run) -> None:
    shown = [
        path
        for path, text in texts(run.outputs)
        if _sings(text)
        and not any(path[:length] in run.secret_outputs for length in range(1, len(path) + 1))
    ]
    assert shown == []


def test_no_component_shows_a_secret_among_its_outputs(run: Run) -> None:
    shown = [
        f"{urn}: {path}"
        for urn, outputs in run.component_outputs.items()
        for path, text in texts(outputs)
        if _sings(text)
    ]
    assert shown == []


def test_no_warning_shows_a_secret(run: Run) -> None:
    assert [warning for warning in run.warnings if _sings(warning)] == []


def test_every_generated_password_is_long_and_its_own() -> None:
    for case in CASES:
        passwords = [r for r in case.run.resources if r.token.endswith(":RandomPassword")]
        assert passwords
        assert {int(p.inputs["length"]) >= 32 for p in passwords} == {True}


def test_a_first_preview_knows_every_file(case: SiteCase) -> None:
    """What is unknown in a preview cannot be reviewed: only Secrets may wait for passwords."""
    assert any(text == UNKNOWN for o in case.preview.objects for _, text in o.texts())
    unknown = [
        f"{o} at {'.'.join(map(str, path))}"
        for o in case.preview.of_kind("ConfigMap", "Ingress", "Service")
        for path, text in o.texts()
        if text == UNKNOWN
    ]
    assert unknown == []
