"""`python -m tests.bench.aggregator`: records a second that a worker reads, and what they cost."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from devkit.errors import DevkitError
from tests.bench.aggregator.backlog import Backlog
from tests.bench.aggregator.load import MOCK_RATE, Load


def main() -> int:
    """Let one worker read a backlog; 0 once it has, whatever it took."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.aggregator", description=__doc__)
    parser.add_argument("--topics", type=int, default=24, help="source topics")
    parser.add_argument("--rate", type=int, default=50, help="records a second of each topic")
    parser.add_argument("--seconds", type=int, default=120, help="of telemetry in the backlog")
    given = parser.parse_args()
    load = Load(given.topics, given.rate, given.seconds)
    try:
        with tempfile.TemporaryDirectory(prefix="efd-bench-") as folder:
            read = Backlog(Path(folder), load).read()
    except DevkitError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    busy = " ".join(f"{each:.1f}" for each in os.getloadavg())
    sys.stdout.write(f"\n{load}\nload of the machine: {busy} on {os.cpu_count()} cores\n\n")
    for figure in read.figures(MOCK_RATE):
        name, measured, *_ = figure.row()
        sys.stdout.write(f"{name:40}{measured}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
