"""The passphrase that encrypts the secrets of the embedded stacks."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

FROM_USER = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")


def is_given(environ: Mapping[str, str]) -> bool:
    """Whether the user brings a passphrase of their own."""
    return any(name in environ for name in FROM_USER)


def ensure(path: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Environment variables with which Pulumi finds the passphrase; made up once if none is given.

    It goes from file to program, so that it stands in no process's environment.
    """
    if is_given(environ):
        return {}
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        draft.replace(path)
    return {"PULUMI_CONFIG_PASSPHRASE_FILE": str(path)}
