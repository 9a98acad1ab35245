"""Entry point: ``python devkit/language_host ENGINE_ADDRESS``, as the Pulumi CLI starts it."""

import signal
import sys
from pathlib import Path

# The CLI ends its plugins with SIGINT and waits for them; until the host is up, just go.
signal.signal(signal.SIGINT, signal.SIG_DFL)

# This folder came first on the path, but the host and the program belong to the repository's root.
sys.path[0] = str(Path(__file__).resolve().parents[2])

from devkit.language_host.server import serve  # noqa: E402  # the path has to be set first

if __name__ == "__main__":
    serve(engine_address=sys.argv[-1])
