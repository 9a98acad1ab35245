"""The policy pack, as the Pulumi engine starts it; or `python -m policy`, the command."""

import sys
from pathlib import Path

if __package__:
    from policy.commands import main

    sys.exit(main())

# The engine runs this folder, which has come first on the path; its files are no modules of their
# own, and the packages that they name lie beside it.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from policy.pack import serve  # noqa: E402 -- the path has to be set first

serve()
