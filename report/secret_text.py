"""What must not be told: every value that is, or may be, secret."""

import base64
import binascii
import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rendering.monitor import CANARY
from rendering.resource import Path
from rendering.wire import SECRET, SIGNATURE

HIDDEN = "[secret]"
"""Stands for a secret; the engine's own words."""
OTHER = "[another secret]"
"""Stands for one that differs from the one before it."""

_PLACEHOLDER = re.compile(rf"{CANARY}\w*")
_IN_SECRETS = ("data", "stringData")
_SHORTEST = 4
"""Texts that are shorter are no secrets, and would be found everywhere."""


def masked(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both without their secrets, which still differ where they did.

    Whatever a Secret holds is secret, marked or not.
    """
    before, after = _hidden(old), _hidden(new)
    for key in _IN_SECRETS:
        if old.get("kind") == new.get("kind") == "Secret" and old.get(key) != new.get(key):
            after[key] = _differing(old.get(key), new.get(key))
    return before, after


def _hidden(inputs: Mapping[str, Any]) -> dict[str, Any]:
    is_secret = inputs.get("kind") == "Secret"
    return {
        key: _keys_only(value) if is_secret and key in _IN_SECRETS else _plain(value)
        for key, value in inputs.items()
    }


def _keys_only(value: Any) -> Any:
    return dict.fromkeys(value, HIDDEN) if _has_keys(value) else HIDDEN


def _has_keys(value: Any) -> bool:
    return isinstance(value, Mapping) and SIGNATURE not in value


def _differing(old: Any, new: Any) -> Any:
    if not _has_keys(new):
        return OTHER
    known = old if _has_keys(old) else {}
    return {key: HIDDEN if known.get(key) == value else OTHER for key, value in new.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return HIDDEN
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _PLACEHOLDER.sub(HIDDEN, value) if isinstance(value, str) else value


def unwrapped(value: Any, paths: set[Path], path: Path = ()) -> Any:
    """Return ``value`` with a mark of secrecy at each of ``paths``."""
    if path in paths:
        if isinstance(value, Mapping) and path == ("stringData",):
            return {key: _marked(item) for key, item in value.items()}
        return _marked(value)
    if isinstance(value, Mapping):
        return {key: unwrapped(item, paths, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [unwrapped(item, paths, (*path, index)) for index, item in enumerate(value)]
    return value


def _marked(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "value": value}


def texts_of_secrets(inputs: Mapping[str, Any]) -> Iterator[str]:
    """Yield each text that inputs hold as secret, what it decodes to, and both encoded.

    There are none unless somebody asked the engine to show them.
    """
    held = [inputs.get(key) for key in _IN_SECRETS] if inputs.get("kind") == "Secret" else []
    for text in (*_leaves(held), *_leaves(list(_marked_values(inputs)))):
        for known in (text, *_decoded(text)):
            if HIDDEN not in known and len(known) >= _SHORTEST:
                yield known
                yield base64.b64encode(known.encode()).decode()


def _marked_values(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            yield [item for key, item in value.items() if key != SIGNATURE]
        else:
            for item in value.values():
                yield from _marked_values(item)
    elif isinstance(value, list):
        for item in value:
            yield from _marked_values(item)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)


def _decoded(text: str) -> Iterator[str]:
    """Yield what a text says in Base64, and what it says as a text in JSON, if it does."""
    with contextlib.suppress(binascii.Error, ValueError):
        yield base64.b64decode(text, validate=True).decode()
    if text.startswith('"'):
        try:
            yield str(json.loads(text))
        except json.JSONDecodeError:
            return


def without(value: Any, known: frozenset[str]) -> Any:
    """Return a JSON value in which none of the ``known`` texts is left."""
    if isinstance(value, Mapping):
        return {scrubbed(key, known): without(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [without(item, known) for item in value]
    return scrubbed(value, known) if isinstance(value, str) else value


def scrubbed(text: str, known: frozenset[str] = frozenset()) -> str:
    """Return ``text`` without placeholders of secrets and without any of the ``known`` ones."""
    for secret in sorted(known, key=lambda item: (-len(item), item)):
        text = text.replace(secret, HIDDEN)
    return _PLACEHOLDER.sub(HIDDEN, text)
