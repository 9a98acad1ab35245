"""The same site twice is the same bytes: nothing depends on order, chance or the machine."""

import os
import subprocess
import sys

from rendering.engine import ROOT
from tests.support.canonical import canonical
from tests.support.site_case import CASES

_RENDER_ALL = """
import sys
from tests.support.canonical import canonical
from tests.support.site_case import CASES
sys.stdout.write("".join(canonical(case.run) for case in CASES))
"""


def test_another_process_with_another_hash_seed_registers_the_same() -> None:
    other = {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo"}
    elsewhere = subprocess.run(  # noqa: S603 -- this interpreter and a text from here
        [sys.executable, "-c", _RENDER_ALL],
        env=os.environ | other,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout == "".join(canonical(case.run) for case in CASES)
