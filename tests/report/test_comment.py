"""The comment: within what GitHub takes, valid, the same each time, and nothing cut in silence."""

import dataclasses
import re

import pytest
from markdown_it import MarkdownIt

from report.change import SiteChanges
from report.comment import LIMIT, comment, full
from report.markdown import code, fenced
from report.outcome import Outcome
from tests.support.report_pair import config_map, outcome

_PARSER = MarkdownIt("commonmark").enable("table")
_NASTY = "``` \n~~~\n````\n</details> <!-- | @everyone [x](y)\n`"


def _objects(count: int, text: str = "a line\n" * 20) -> list[SiteChanges]:
    changes = tuple(
        config_map("site", f"object-{n:04}", ({"file": "old\n"}, {"file": f"{n}\n{text}"}))
        for n in range(count)
    )
    return [SiteChanges(site="site", changes=changes)]


def _fences(text: str) -> list[str]:
    return [token.content for token in _PARSER.parse(text) if token.type == "fence"]


def _outside(text: str) -> str:
    """Return what a reader sees outside of blocks and code."""
    inline = [token for token in _PARSER.parse(text) if token.type == "inline"]
    return "\n".join(
        child.content for token in inline for child in token.children or () if child.type == "text"
    )


def test_a_thousand_changed_objects_fit_and_each_is_shown_or_counted() -> None:
    report = outcome(_objects(1000))
    cut = comment(report, "See the artifact.")
    assert len(cut.text.encode()) <= LIMIT < 65_536
    shown = len(re.findall(r"^\*\*update\*\* file", cut.text, re.MULTILINE))
    counted = re.search(r"_(\d+) of 1000 are not shown here, (\d+) only in part", cut.text)
    assert counted
    assert shown + int(counted[1]) == 1000
    assert cut.cut == int(counted[1]) + int(counted[2])
    assert len(_fences(cut.text)) == shown - int(counted[2]) > 10
    assert "See the artifact." in cut.text
    assert full(report).count("**update** file") == 1000


def test_what_fits_is_not_cut() -> None:
    report = outcome(_objects(3))
    assert comment(report, "").text == full(report)
    assert comment(report, "").cut == 0


def test_the_greatest_risks_are_cut_last() -> None:
    (site,) = _objects(1000)
    urn = "urn:pulumi:site::efd::kubernetes:core/v1:PersistentVolumeClaim::store"
    store = dataclasses.replace(
        site.changes[0],
        urn=urn,
        operation="delete",
        old={"kind": "PersistentVolumeClaim", "metadata": {"name": "store-x", "namespace": "n"}},
        new={},
    )
    sites = [dataclasses.replace(site, changes=(*site.changes, store))]
    text = comment(outcome(sites), "").text
    assert "**delete** PersistentVolumeClaim" in text
    assert "**not approved** at `site`: `store-deleted/" in text


@pytest.mark.parametrize("limit", range(2500, 12_000, 487))
def test_no_fence_is_cut_wherever_the_limit_falls(limit: int) -> None:
    report = outcome(_objects(40, _NASTY))
    text = comment(report, "", limit).text
    assert len(text.encode()) <= limit
    assert "`" not in _outside(text)
    whole = set(_fences(full(report)))
    assert set(_fences(text)) <= whole


def test_a_file_full_of_fences_stays_in_its_own() -> None:
    text = full(outcome(_objects(1, _NASTY)))
    (block,) = _fences(text)
    assert "+</details>" in block
    assert "@everyone" not in _outside(text)
    assert not any(token.type.startswith("html") for token in _PARSER.parse(text))


def test_a_long_file_is_shown_in_part_and_its_rest_is_counted() -> None:
    report = outcome(_objects(1, "a line\n" * 12_000))
    cut = comment(report, "")
    assert "_11975 more lines: see the full text._" in cut.text
    assert cut.cut == 1
    assert len(_fences(cut.text)) == 1


@pytest.mark.parametrize("text", ["plain", "`", "``a`", " ", "", "a|b", "a\nb", "<b>", "[x](y)"])
def test_code_stays_code_whatever_it_holds(text: str) -> None:
    (paragraph,) = [t for t in _PARSER.parse(f"x {code(text)} y") if t.type == "inline"]
    kinds = [child.type for child in paragraph.children or ()]
    assert kinds == ["text", "code_inline", "text"]


@pytest.mark.parametrize("text", ["plain", "```", "````\n```", "~~~", "`" * 20])
def test_a_block_ends_where_its_text_ends(text: str) -> None:
    (block,) = _fences(fenced(text, "diff"))
    assert block == f"{text}\n"


def test_the_table_has_a_row_for_each_site() -> None:
    sites = [*_objects(2), SiteChanges(site="other", refusal="no"), SiteChanges(site="third")]
    tokens = _PARSER.parse(full(outcome(sites)))
    rows = [token for token in tokens if token.type == "tr_open"]
    assert len(rows) == 4
    headings = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open"]
    assert headings == ["What this change does", "Refusals", "4. Configuration files"]


def test_the_order_of_sites_and_changes_is_that_of_names() -> None:
    (site,) = _objects(30)
    other = dataclasses.replace(site, site="another", changes=site.changes[:3])
    backwards = dataclasses.replace(site, changes=site.changes[::-1])
    assert full(outcome([site, other])) == full(outcome([other, backwards]))


def test_a_first_deployment_is_one_entry() -> None:
    (site,) = _objects(500)
    made = tuple(dataclasses.replace(c, operation="create", old={}) for c in site.changes)
    report: Outcome = outcome([dataclasses.replace(site, changes=made)])
    assert len(report.entries) == 1
    assert "500 ConfigMap" in full(report)
