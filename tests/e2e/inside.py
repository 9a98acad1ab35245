"""Running things inside the namespaces of a test."""

import subprocess
import sys

from devkit.node.enclosure import Enclosure

CONNECT = """
import sys
from devkit.node import lan
for number, site in enumerate(sys.argv[1:], 1):
    lan.connect(lan.Address(site, number), [f"{site}.test"])
"""


def said(*argv: str) -> str:
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours


def inside(place: Enclosure, *argv: str) -> str:
    return said(*place.entry(), *argv)


def python(place: Enclosure, script: str, *argv: str) -> str:
    return inside(place, sys.executable, "-c", script, *argv)
