"""Print the connector's configuration as ``kafkaconnect`` would upload it, and upload nothing.

``kafkaconnect`` (1.3.1) takes a login for the brokers (SASL_PLAINTEXT, SCRAM-SHA-512) from its
command line or its environment, where other processes can read it. Here it is read from files and
handed over inside the process.
"""

# ruff: noqa: INP001 -- a program by itself

import os
from pathlib import Path

from kafkaconnect.cli import main  # type: ignore[import-not-found,unused-ignore] # pyright: ignore[reportMissingImports]


def login() -> list[str]:
    """Return the options for the login."""
    folder = Path(os.environ["LOGIN_DIR"])
    return [
        f"--{key}={(folder / key).read_text(encoding='utf-8')}" for key in ("username", "password")
    ]


if __name__ == "__main__":
    main([*login(), "create", "influxdb-sink", "--dry-run"], prog_name="kafkaconnect")
