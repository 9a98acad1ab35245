"""Values as they travel between a program and the engine, and as readers want to see them."""

from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from rendering.resource import Path

SIGNATURE = rpc._special_sig_key  # noqa: SLF001 -- the protocol's own mark has no public name
SECRET = rpc._special_secret_sig  # noqa: SLF001 -- same
RESOURCE = rpc._special_resource_sig  # noqa: SLF001 -- same
UNKNOWN = rpc.UNKNOWN
"""Stands for a value that only a deployment can know."""


def received(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Return a message as JSON, with the protocol's marks still in it."""
    message: dict[str, Any] = json_format.MessageToDict(struct)
    return message


def sent(value: dict[str, Any]) -> struct_pb2.Struct:
    """Return JSON, marks included, as a message."""
    struct = struct_pb2.Struct()
    json_format.ParseDict(value, struct)
    return struct


def secret(value: Any) -> dict[str, Any]:
    """Mark a value as secret."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return value
    return {SIGNATURE: SECRET, "value": value}


def plain(value: Any, secrets: set[Path], path: Path = ()) -> Any:
    """Return ``value`` without marks; where it was secret is added to ``secrets``."""
    if isinstance(value, list):
        return [plain(item, secrets, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the protocol knows one kind of number
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET:
        secrets.add(path)
        return plain(value["value"], secrets, path)
    if value.get(SIGNATURE) == RESOURCE:
        return value["urn"]
    return {key: plain(item, secrets, (*path, key)) for key, item in value.items()}


def shown(value: dict[str, Any]) -> dict[str, Any]:
    """Return ``value`` as the engine shows it to people: without what is secret."""
    if value.get(SIGNATURE) == SECRET:
        return {SECRET: "[secret]"}
    return {
        key: shown(item) if isinstance(item, dict) else plain(item, set())
        for key, item in value.items()
    }
