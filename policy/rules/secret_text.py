"""Secrets stay where they belong: in Secrets."""

import base64
import re
from collections.abc import Collection, Iterator, Sequence

from policy.rule import ResourceRule, StackRule
from policy.violation import Violation
from rendering.resource import Path, Resource

_SECRET = "Secret"  # noqa: S105 -- a kind of object
_ALLOWED = "a reference to a Secret: a mounted file, a config provider, `secretKeyRef`"

_NAME = r"(?:password|passwd|passphrase|secret|token|api[-_.]?key|secret[-_.]?key|credentials?)"
_NAMED = re.compile(rf"(?i)(?:^|[-_.]){_NAME}$")
"""Names of variables whose values are secret."""
_SETTING = re.compile(
    rf"""(?im)^[ \t]*["']?(?:[\w.-]*[-_.])?{_NAME}["']?[ \t]*[:=][ \t]*["']?([^\s"',;]+)"""
)
"""A line of a settings file, in any of the usual notations, that sets one."""
_JAAS = re.compile(r"""(?i)\bpassword=\\?["']([^"'\\]+)""")
_FORMS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{32}"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/T\w+/B\w+/\w+"
)
"""Secrets that are known by their look: private keys, keys of AWS, GitHub and Slack."""
_PLACE = re.compile(r"[/@<{\[(]|\$|(?:true|false|null|none|yes|no)$|\d+[a-z]*$", re.IGNORECASE)
"""How what is no secret begins: a path, a reference, a structure; or a plain word or number."""
_PROGRAMS = (".py", ".sh", ".tick", ".java")
"""Files in which an assignment names an expression, not a value."""

_USER = re.compile(r"(?i)user(name)?$")

LEAST = 12
"""Characters of a secret that is looked for elsewhere; a shorter one may be a word."""


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield texts that look like a secret outside a Secret."""
    if not resource.is_object or resource.kind == _SECRET:
        return
    for path, text in resource.texts():
        if what := _suspect(path, text, resource):
            yield Violation(resource=resource, path=path, given=what, allowed=_ALLOWED)
    for path, container in resource.placed_containers:
        for index, variable in enumerate(container.get("env") or []):
            value = str(variable.get("value") or "")
            if _NAMED.search(str(variable.get("name"))) and value and not _PLACE.match(value):
                yield Violation(
                    resource=resource,
                    path=(*path, "env", index, "value"),
                    given=f"a text of {len(value)} characters",
                    allowed=_ALLOWED,
                )


def elsewhere(resources: Sequence[Resource]) -> Iterator[Violation]:
    """Yield places in objects outside Secrets at which a Secret of the same stack stands.

    What generates it has it too, and what the stack returns, marked as secret.
    """
    yield from leaks([r for r in resources if r.is_object], set(secret_values(resources)))


def leaks(resources: Sequence[Resource], secrets: Collection[str]) -> Iterator[Violation]:
    """Yield places outside Secrets at which one of some secrets stands, plain or in base64."""
    if not secrets:
        return
    looks = sorted({look for secret in secrets for look in disguises(secret)})
    wanted = re.compile("|".join(map(re.escape, looks)))
    for resource in resources:
        for path, text in resource.texts():
            inside = resource.kind == _SECRET and path[:1] in {("data",), ("stringData",)}
            if not inside and wanted.search(text):
                yield Violation(
                    resource=resource, path=path, given="the value of a Secret", allowed=_ALLOWED
                )


def secret_values(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield what is secret in a stack: generated passwords, and Secrets' values of one line."""
    for resource in resources:
        if resource.token == "random:index/randomPassword:RandomPassword":  # noqa: S105 -- a type
            values = [resource.inputs.get("result")]
        elif resource.is_object and resource.kind == _SECRET:
            values = [*_secret(resource, "stringData"), *map(_decoded, _secret(resource, "data"))]
        else:
            continue
        for value in values:
            if isinstance(value, str) and len(value) >= LEAST and _is_word(value):
                yield value


def disguises(secret: str) -> set[str]:
    """Return a secret as it is, and as it looks inside base64 at any of the three alignments."""
    text = secret.encode()
    looks = {secret}
    for shift in range(3):
        encoded = base64.b64encode(b"x" * shift + text).decode()
        # What stands before and after it has a part in the first and the last letters.
        looks.add(encoded[2 * shift : (shift + len(text)) * 4 // 3])
    return looks


RULE = ResourceRule(
    name="secrets-by-reference",
    asks="Nothing but a Secret holds what looks like a secret: no file, variable, argument or "
    "annotation.",
    find=violations,
)
ELSEWHERE = StackRule(
    name="secrets-in-place",
    asks="The value of a Secret stands nowhere else in the stack, neither plain nor in base64.",
    find=elsewhere,
)


def _suspect(path: Path, text: str, resource: Resource) -> str:
    """Return what a text looks like; nothing if it is harmless."""
    if _FORMS.search(text):
        return "a private key or an access key"
    if _JAAS.search(text) and any(not _PLACE.match(m[1]) for m in _JAAS.finditer(text)):
        return "a password in a login"
    is_file = resource.kind == "ConfigMap" and path[:1] == ("data",)
    if is_file and not str(path[-1]).endswith(_PROGRAMS):
        if _NAMED.search(str(path[-1])) and text != path[-1] and not _PLACE.match(text):
            return f"a text of {len(text)} characters"
        for setting in _SETTING.finditer(text):
            if not _PLACE.match(setting[1]):
                return f"a setting of {len(setting[1])} characters in line {_line(text, setting)}"
    return ""


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start(1)) + 1


def _secret(resource: Resource, field: str) -> list[str]:
    """Return the values of a Secret; the name of a user stands elsewhere too."""
    given = resource.inputs.get(field) or {}
    return [v for k, v in given.items() if isinstance(v, str) and not _USER.search(k)]


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:  # not base64, or no text
        return ""


def _is_word(value: str) -> bool:
    """Whether a value is one word; a whole file shares lines with files that are no secrets."""
    return not re.search(r"\s", value) and not value.startswith(("http:", "/"))
