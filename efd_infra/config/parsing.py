"""From the text of a site to a ``Site``, or to every mistake in it at once."""

import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from efd_infra.config.mistake import Mistake, SiteError
from efd_infra.config.rules import mistakes as rule_mistakes
from efd_infra.config.site import Site
from efd_infra.config.values import PatternedText

_Location = tuple[int | str, ...]

_MOST_REPAIRS = 10
"""More than the nesting of a site: each round can only uncover what a deeper section lacks."""


def parse_site(data: dict[str, Any]) -> Site:
    """Return the site that ``data`` (the value of ``efd:site``) describes.

    Fields are checked first. Wrong ones are then replaced by harmless values, so that the
    rules that span fields still see the rest and one run reports everything.

    Raises
    ------
    SiteError
        With every mistake found.
    """
    found: list[Mistake] = []
    repaired: Any = json.loads(json.dumps(data))
    for _ in range(_MOST_REPAIRS):
        try:
            site = Site.model_validate_json(json.dumps(repaired), by_alias=True, by_name=False)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                location = _location(details)
                found.append(_field_mistake(location, details))
                _repair(repaired, location)
        else:
            found += [m for m in rule_mistakes(site) if not _is_within(m.path, found)]
            if not found:
                return site
            break
    raise SiteError(_without_echoes(found))


def _is_within(path: str, found: Sequence[Mistake]) -> bool:
    """Tell whether ``path`` is, or lies below, one that is already reported."""
    return any(f"{path}.".startswith(f"{mistake.path}.") for mistake in found)


def _without_echoes(found: Sequence[Mistake]) -> Iterator[Mistake]:
    """Drop what is missing only inside a section that is reported as missing or wrong."""
    for index, mistake in enumerate(found):
        before = found[:index]
        if mistake not in before and not _is_within(mistake.path.rpartition(".")[0], before):
            yield mistake


def _repair(data: Any, location: _Location) -> None:
    """Replace the value at ``location`` by its default or an example of its type."""
    while location and isinstance(location[-1], int):
        location = location[:-1]  # a list is replaced whole: its positions must stay true
    try:
        for key in location[:-1]:
            data = data[key]
    except KeyError:
        return  # an earlier repair took the list that it stood in
    field = _field(location)
    data.pop(location[-1], None)
    if field and field.is_required():
        data[location[-1]] = _example(field.annotation)


def _example(annotation: Any) -> Any:
    """Return a value that ``annotation`` accepts, or a section that says what it lacks."""
    if _model_in(annotation):
        return {}
    if isinstance(annotation, type) and issubclass(annotation, PatternedText):
        return annotation.example
    return "example"


def _location(error: ErrorDetails) -> _Location:
    """Return where the error is; the wrong key of a mapping is reported like a wrong value."""
    location = error["loc"]
    is_key = location[-1] == "[key]" and error["type"] != "extra_forbidden"
    return location[:-1] if is_key else location


def _field_mistake(location: _Location, error: ErrorDetails) -> Mistake:
    path = ".".join(map(str, location))
    if error["type"] == "extra_forbidden":
        return Mistake(path, "an unknown key", _known_keys(location))
    if error["type"] == "missing":
        field = _field(location)
        return Mistake(path, "nothing", (field and field.description) or "a value")
    allowed = error["msg"].removeprefix("Input should be ")
    given, field = error["input"], _field(location)
    if isinstance(given, list) and field and error["type"] == "model_type":
        described = " ".join((field.description or "").split())
        return Mistake(path, f"a list of {len(given)}", f"one section: {described}")
    return Mistake(path, json.dumps(given), allowed)


def _fields(model: type[BaseModel] | None) -> dict[str, FieldInfo]:
    """Return the fields of a section by their names in YAML."""
    fields = model.model_fields.items() if model else ()
    return {field.alias or name: field for name, field in fields}


def _section(location: _Location) -> type[BaseModel] | None:
    """Return the model of the section at ``location``."""
    model: type[BaseModel] | None = Site
    for key in location:
        if isinstance(key, str):
            field = _fields(model).get(key)
            model = _model_in(field.annotation) if field else None
    return model


def _field(location: _Location) -> FieldInfo | None:
    return _fields(_section(location[:-1])).get(str(location[-1])) if location else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model in ``X``, ``X | None`` or ``tuple[X, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a))), None)


def _known_keys(location: _Location) -> str:
    keys = sorted(_fields(_section(location[:-1])))
    close = get_close_matches(str(location[-1]), keys, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return f"{', '.join(keys)}{hint}"
