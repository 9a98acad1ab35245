"""A waiver means what it says and no more; a day that has come, or nothing meant, is told."""

from datetime import date
from pathlib import Path

import pytest

from policy.commands import as_table
from policy.finding import Finding
from policy.verdict import judge
from policy.waivers import RULES, Waiver, read_waivers

TODAY = date(2027, 1, 2)
WAIVER = Waiver(
    scanner="kube-score",
    check="service-type",
    object="Service kafka/*-nodeport",
    reason="it is the site's external listener",
    until=date(2027, 1, 3),
)


def _finding(name: str = "kafka/0-nodeport", check: str = "service-type") -> Finding:
    return Finding(
        site="summit",
        scanner="kube-score",
        check=check,
        object=f"Service {name}",
        words="The service is of type NodePort",
    )


def test_what_a_waiver_means_stays() -> None:
    verdict = judge([_finding()], [WAIVER], TODAY)
    assert verdict.is_right
    assert verdict.waived == {WAIVER: 1}


@pytest.mark.parametrize(
    "other", [_finding("kafdrop/kafdrop"), _finding(check="service-targets-pod")]
)
def test_what_none_means_is_new(other: Finding) -> None:
    verdict = judge([_finding(), other], [WAIVER], TODAY)
    assert verdict.new == (other,)
    assert not verdict.is_right
    table = as_table(verdict)
    assert f"{other.object}: {other.words}" in table
    assert table.endswith("1 new, 1 waived, 0 waivers expired, 0 unused\n")


def test_a_waiver_that_means_nothing_is_told() -> None:
    verdict = judge([], [WAIVER], TODAY)
    assert verdict.unused == (WAIVER,)
    assert not verdict.is_right
    assert "unused" in as_table(verdict)


def test_a_waiver_whose_day_has_come_is_told() -> None:
    verdict = judge([_finding()], [WAIVER], WAIVER.until)
    assert verdict.expired == (WAIVER,)
    assert not verdict.is_right
    assert "expired" in as_table(verdict)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("waivers: [{scanner: other}]", "Input should be 'rules' or 'kube-score'"),
        ("waivers: [{scanner: rules, check: a, object: b, until: 2027-01-01}]", "reason"),
        ("waivers: [{scanner: rules, reason: short}]", "at least 20 characters"),
        ("{}", "waivers"),
    ],
)
def test_a_mistaken_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(text)
    with pytest.raises(ValueError, match=words):
        read_waivers(file)


def test_no_rule_of_the_own_is_waived() -> None:
    """The first one that is needs a reason that a reviewer has read."""
    assert [waiver for waiver in read_waivers() if waiver.scanner == RULES] == []
