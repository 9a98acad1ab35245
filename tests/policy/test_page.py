"""The page of the policy lists every rule and every waiver."""

import pytest

from policy.rule import ResourceRule
from policy.rules import RULES
from policy.waivers import read_waivers
from rendering.engine import ROOT

PAGE = ROOT / "docs" / "policy.md"
RULES_MARK = "<!-- rules -->\n"
WAIVERS_MARK = "<!-- waivers -->\n"
_WAIVERS = """\
From `policy/waivers.yaml`. One whose day has come fails `make scan`, and so does one that means
nothing any more. A deployment does not stop because a day has come: the pack honours it longer.
"""


def _table(*rows: tuple[str, ...]) -> str:
    head, *rest = rows
    lines = [head, ("---",) * len(head), *rest]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).replace("| --- ", "|---")


def _rules() -> str:
    return _table(
        ("Rule", "Looks at", "Asks"),
        *(
            (
                f"`{rule.name}`",
                "one resource" if isinstance(rule, ResourceRule) else "the stack",
                rule.asks,
            )
            for rule in RULES
        ),
    )


def _waivers() -> str:
    return _table(
        ("Scanner", "Check", "Objects", "Until", "Why it stays"),
        *(
            (w.scanner, f"`{w.check}`", f"`{w.object}`", str(w.until), w.reason)
            for w in read_waivers()
        ),
    )


def _page(before: str) -> str:
    return (
        f"{before}{RULES_MARK}\n{_rules()}\n## Waivers\n\n{_WAIVERS}\n{WAIVERS_MARK}\n{_waivers()}"
    )


def test_the_page_lists_the_rules_and_waivers(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text(encoding="utf-8")
    now = _page(text.partition(RULES_MARK)[0])
    if request.config.getoption("--update-golden"):
        PAGE.write_text(now, encoding="utf-8")
        text = now
    assert text == now, "if the change is meant, run pytest with --update-golden"


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
