"""Every defect of the original is kept away by a test that exists."""

import ast
import re

import pytest

from rendering.engine import ROOT

_TABLE = (ROOT / "docs" / "original-defects.md").read_text(encoding="utf-8")
_ROWS = re.findall(r"^\| (\d+) \|.*$", _TABLE, re.MULTILINE)
_TESTS = re.findall(r"`(tests/[a-z0-9_/]+\.py)::(\w+)`", _TABLE)


def test_no_defect_is_left_out() -> None:
    assert [int(number) for number in _ROWS] == list(range(1, 23))
    for line in _TABLE.splitlines():
        if re.match(r"\| \d", line):
            assert "::test_" in line, line


@pytest.mark.parametrize(("file", "name"), _TESTS)
def test_the_test_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
