"""Which approvals count, and how a wrong file is refused."""

import datetime as dt
from pathlib import Path

import pytest

from rendering.engine import ROOT
from report.approval import FILE, Approval, approvals, judged
from report.danger import Danger
from tests.support.report_pair import TODAY
from verify.finding import UnaskedError

_DANGER = Danger("summit", "namespace-deleted/kafdrop", "namespace kafdrop is deleted")


def _approval(**changes: str | dt.date) -> Approval:
    fields = {
        "site": "summit",
        "what": _DANGER.what,
        "reason": "nobody looks at it any more",
        "until": TODAY,
    }
    return Approval.model_validate({**fields, **changes})


def _file(folder: Path, text: str) -> Path:
    path = folder / FILE
    path.write_text(text, encoding="utf-8")
    return path


def test_an_approval_that_the_change_adds_counts_to_its_last_day() -> None:
    verdict = judged([_DANGER], [_approval()], [], TODAY)
    assert verdict.unapproved == ()
    assert verdict.notes == ()
    assert verdict.approved[0][1].reason == "nobody looks at it any more"


def test_without_one_the_danger_stands() -> None:
    assert judged([_DANGER], [], [], TODAY).unapproved == (_DANGER,)


def test_one_that_has_ended_does_not_count_and_is_told() -> None:
    verdict = judged([_DANGER], [_approval(until=TODAY - dt.timedelta(1))], [], TODAY)
    assert verdict.unapproved == (_DANGER,)
    assert "ended on 2029-12-31" in verdict.notes[0]


def test_one_that_was_there_before_does_not_count_and_is_told() -> None:
    verdict = judged([_DANGER], [_approval()], [_approval()], TODAY)
    assert verdict.unapproved == (_DANGER,)
    assert "before this change" in verdict.notes[0]


def test_one_renewed_by_the_change_counts() -> None:
    old = _approval(until=TODAY - dt.timedelta(1))
    assert judged([_DANGER], [_approval()], [old], TODAY).unapproved == ()
    assert judged([_DANGER], [old, _approval()], [old], TODAY).unapproved == ()


@pytest.mark.parametrize("changes", [{"site": "ldf"}, {"what": "namespace-deleted/other"}])
def test_one_of_another_site_or_danger_does_not_count_and_is_told(changes: dict[str, str]) -> None:
    verdict = judged([_DANGER], [_approval(**changes)], [], TODAY)
    assert verdict.unapproved == (_DANGER,)
    assert "is it misspelt?" in verdict.notes[0]


def test_an_old_one_that_is_not_used_is_told_only_when_it_has_ended() -> None:
    lasting, ended = _approval(), _approval(until=TODAY - dt.timedelta(1))
    assert judged([], [lasting], [lasting], TODAY).notes == ()
    assert "remove it" in judged([], [ended], [ended], TODAY).notes[0]


def test_the_file_of_this_repository_is_right() -> None:
    assert approvals(ROOT / FILE) is not None


def test_no_file_approves_nothing(tmp_path: Path) -> None:
    assert approvals(tmp_path / FILE) == ()


def test_a_right_file_is_read(tmp_path: Path) -> None:
    text = "- {site: a, what: b, reason: because of that, until: 2030-01-31}\n"
    (one,) = approvals(_file(tmp_path, text))
    assert (one.site, one.what, one.until) == ("a", "b", dt.date(2030, 1, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("site: a\n", "approvals.yaml: given a dict; allowed: a list of approvals"),
        ("- 3\n", "0: given 3; allowed: a valid dictionary or instance of Approval"),
        (
            "- {site: a, what: b, until: 2030-01-31}\n",
            "0.reason: given nothing; allowed: Why it is right, for whoever reads it later.",
        ),
        (
            "- {site: a, what: b, reason: because of that, until: 2030-01-31, who: me}\n",
            "0.who: given an unknown key; allowed: site, what, reason, until",
        ),
        (
            "- {site: a, what: b, reason: ok, until: 2030-01-31}\n",
            '0.reason: given "ok"; allowed: a text with at least 10 characters',
        ),
        (
            "- {site: a, what: b, reason: because of that, until: soon}\n",
            '0.until: given "soon"; allowed: a day, such as 2030-12-31',
        ),
        (
            "- {site: 3, what: b, reason: because of that, until: 2030-01-31}\n",
            "0.site: given 3; allowed: a valid string",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_place_given_and_allowed(
    tmp_path: Path, text: str, expected: str
) -> None:
    with pytest.raises(UnaskedError) as refusal:
        approvals(_file(tmp_path, text))
    head, line = str(refusal.value).splitlines()
    assert head.endswith("approvals.yaml has 1 mistake; nothing is approved")
    assert line.strip() == expected


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnaskedError, match="has 4 mistakes"):
        approvals(_file(tmp_path, "- {site: a, what: b}\n- {site: a, what: b}\n"))


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnaskedError, match="is no YAML"):
        approvals(_file(tmp_path, "- {site"))
