"""The JSON Schema of a site file, by which an editor completes and checks it."""

import json
import re
from typing import Any

from efd_infra.config.site import Site

SCHEMA_PATH = "docs/site.schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_END = re.compile(r"\\Z")
"""The end of a text in Python's words; JavaScript's, which editors have, are others."""


def site_schema() -> dict[str, Any]:
    """Return the schema of a whole ``Pulumi.<site>.yaml``.

    It knows fields and values. Rules between fields are the program's alone.
    """
    site = _portable(Site.model_json_schema(by_alias=True, ref_template="#/$defs/{model}"))
    definitions: dict[str, Any] = site.pop("$defs")
    definitions["Site"] = site
    definitions["Secret"] = {
        "description": "A value that `pulumi config set --secret` has encrypted.",
        "type": "object",
        "properties": {"secure": {"type": "string", "description": "The encrypted value."}},
        "required": ["secure"],
        "additionalProperties": False,
    }
    return {
        "$schema": _DIALECT,
        "title": "A site of the EFD: Pulumi.<site>.yaml",
        "description": "One stack's configuration. Rules between fields are the program's.",
        "type": "object",
        "properties": {
            "config": {
                "description": "The stack's configuration.",
                "type": "object",
                "properties": {
                    "efd:site": {
                        "$ref": "#/$defs/Site",
                        "description": "Everything about the site but secrets.",
                    }
                },
                "patternProperties": {
                    "^efd:(?!site$)[A-Za-z]+$": {
                        "$ref": "#/$defs/Secret",
                        "description": "A secret of the site; Pulumi.yaml lists their keys.",
                    },
                    "^(?!efd:)[A-Za-z0-9-]+:.+$": {
                        "description": "What Pulumi or a provider is told of this stack."
                    },
                },
                "additionalProperties": False,
                "required": ["efd:site"],
            },
            "secretsprovider": {"type": "string", "description": "Who encrypts secrets."},
            "encryptedkey": {"type": "string", "description": "The provider's key, encrypted."},
            "encryptionsalt": {"type": "string", "description": "The salt of a passphrase."},
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def schema_text() -> str:
    """Return the schema as a file."""
    return json.dumps(site_schema(), indent=2, ensure_ascii=False) + "\n"


def _portable(value: Any) -> Any:
    """Return a schema in words that every editor reads: patterns, and text on one line.

    What may be absent may also be null to the program; nobody writes that, and an editor that
    knows one form only says better what is wrong with it.
    """
    if isinstance(value, dict):
        forms = [form for form in value.get("anyOf", ()) if form != {"type": "null"}]
        if len(forms) == 1:
            value = {**forms[0], **{key: value[key] for key in value if key != "anyOf"}}
        return {
            key: _entry(key, item)
            for key, item in value.items()
            if not (key == "title" and isinstance(item, str)) and item is not None
        }
    return [_portable(item) for item in value] if isinstance(value, list) else value


def _entry(key: str, value: Any) -> Any:
    if isinstance(value, str):
        if key == "pattern":
            return _END.sub("$", value)
        if key == "description":
            return " ".join(value.replace("``", "`").split())
    return _portable(value)
