"""The copy of a site file that the embedded stack is configured from.

Pulumi notes the salt of the stack's passphrase in the file that configures the stack. A run must
not change the tracked file, so it works on a copy, renewed on each run, in which the salt and the
secrets of this machine are kept.
"""

import secrets
from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]

SECRETS_PROVIDER = ("secretsprovider", "encryptedkey", "encryptionsalt")
"""Keys that say how a stack's secrets are encrypted."""


def renew(tracked: Path, copy: Path, *, keep_secrets: bool) -> None:
    """Write `copy` anew from `tracked`; a stack keeps the encryption that it was made with.

    When there is no copy yet, `keep_secrets` says whether that is the tracked file's own, whose
    passphrase is then at hand. Otherwise the tracked file's secrets cannot be read here; those
    that the copy has, under this machine's passphrase, take their places, and the rest are left
    out.
    """
    document = _read(tracked)
    own = _read(copy)
    salt = document.get("encryptionsalt")
    if not salt or not (own.get("encryptionsalt") == salt if own else keep_secrets):
        document = {k: v for k, v in document.items() if k not in SECRETS_PROVIDER}
        document |= {k: v for k, v in own.items() if k in SECRETS_PROVIDER}
        config: Document = document.get("config") or {}
        mine: Document = own.get("config") or {}
        document["config"] = {
            key: mine.get(key) if _is_secret(value) else value
            for key, value in config.items()
            if not _is_secret(value) or _is_secret(mine.get(key))
        }
    copy.parent.mkdir(parents=True, exist_ok=True)
    draft = copy.with_suffix(".draft")
    draft.write_text(yaml.safe_dump(document, sort_keys=False))
    draft.replace(copy)


def missing_secrets(tracked: Path, copy: Path) -> list[str]:
    """Config keys that are secret in `tracked` and absent from `copy`."""
    present: Document = _read(copy).get("config") or {}
    config: Document = _read(tracked).get("config") or {}
    return [key for key, value in config.items() if _is_secret(value) and key not in present]


def placeholder() -> str:
    """Make up a value for a secret that only the real site knows."""
    return secrets.token_urlsafe(24)


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def _read(path: Path) -> Document:
    if not path.exists():
        return {}
    document: Document = yaml.safe_load(path.read_text()) or {}
    return document
