"""What the provider for Google Cloud takes, read from the typed classes of its package.

The package brings no schema; but its classes say each property's name, its type and whether it must
be there, and the provider refuses what they do not know.
"""

import importlib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

from pulumi import _types

_PLAIN: dict[type, tuple[type, ...]] = {
    str: (str,),
    bool: (bool,),
    int: (int,),
    float: (int, float),
}


def misfits(token: str, inputs: Mapping[str, Any]) -> list[str]:
    """Return what the resource of type ``token`` would not take of ``inputs``."""
    return sorted(_section(_arguments(token), inputs, token.rpartition(":")[2]))


def _arguments(token: str) -> type:
    """Return the class of the arguments of a type such as ``gcp:compute/network:Network``."""
    package, module, name = token.split(":")
    if package == "pulumi":
        package, module, name = name, "", "Provider"
    module = ".".join(filter(None, (f"pulumi_{package}", module.partition("/")[0])))
    kind: type = getattr(importlib.import_module(module), f"{name}Args")
    return kind


def _section(kind: type, given: Mapping[str, Any], path: str) -> Iterator[str]:
    known = _types.input_type_types(kind)
    for key, value in given.items():
        if key in known:
            yield from _value(known[key], value, f"{path}.{key}")
        else:
            yield f"{path}.{key} is not known"
    parameters = inspect.signature(kind).parameters
    for inside, outside in _types.input_type_py_to_pulumi_names(kind).items():
        if parameters[inside].default is inspect.Parameter.empty and outside not in given:
            yield f"{path}.{outside} is missing"


def _value(kind: Any, value: Any, path: str) -> Iterator[str]:
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        if not isinstance(value, _PLAIN[kind]) or (kind is not bool and isinstance(value, bool)):
            yield f"{path} is {value!r}, no {kind.__name__}"
    elif origin is Sequence and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _value(inner[0], item, f"{path}.{index}")
    elif origin is Mapping and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _value(inner[1], item, f"{path}.{key}")
    elif _types.is_input_type(kind) and isinstance(value, Mapping):
        yield from _section(kind, value, path)
    elif inner and origin not in (Sequence, Mapping):
        yield from _value(inner[0], value, path)  # one that may also come later
    else:
        yield f"{path} is {value!r}, no {kind}"
