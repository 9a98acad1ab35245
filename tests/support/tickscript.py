"""TICKscript, as far as the program's templates use it: tokens, statements, and what nodes know.

Tokens are those of ``influxdata/kapacitor`` ``tick/ast/lex.go``; nodes, their methods and the types
of these those of ``pipeline/*.go`` at 1.8. What this reads is a part of the language: a script
outside of it is refused, although Kapacitor may take it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*)
      | (?P<space>\s+)
      | '(?P<string>(?:[^'\\]|\\.)*)'
      | (?P<duration>\d+(?:u|ms|s|m|h|d|w)\b)
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z]\w*)
      | (?P<mark>[().,|=-])""",
    re.VERBOSE,
)

TYPES = {"string", "duration", "lambda", "list"}
"""Types of variables that the templates ask for."""

_DURATION, _TEXT, _LAMBDA, _INT = "duration", "string", "lambda", "number"
_GROUPS = "groups"
_SELECTOR: dict[str, tuple[str, ...]] = {"as": (_TEXT,)}
METHODS: dict[str, dict[str, tuple[str, ...]]] = {
    "query": {
        "period": (_DURATION,),
        "every": (_DURATION,),
        "offset": (_DURATION,),
        "groupBy": (_GROUPS,),
        "groupByMeasurement": (),
        "fill": (_INT,),
        "alignGroup": (),
    },
    "min": _SELECTOR,
    "last": _SELECTOR,
    "sum": _SELECTOR,
    "shift": {},
    "alert": {
        "id": (_TEXT,),
        "message": (_TEXT,),
        "details": (_TEXT,),
        "warn": (_LAMBDA,),
        "crit": (_LAMBDA,),
        "category": (_TEXT,),
        "inhibit": (_TEXT,),
        "stateChangesOnly": (_DURATION,),
        "idTag": (_TEXT,),
        "levelTag": (_TEXT,),
        "messageField": (_TEXT,),
        "durationField": (_TEXT,),
        "topic": (_TEXT,),
    },
    "influxDBOut": {
        "database": (_TEXT,),
        "retentionPolicy": (_TEXT,),
        "measurement": (_TEXT,),
        "tag": (_TEXT, _TEXT),
    },
}
"""The properties of each node, with the types of their arguments."""
NODES: dict[str, tuple[str, ...]] = {
    "query": (_TEXT,),
    "min": (_TEXT,),
    "last": (_TEXT,),
    "sum": (_TEXT,),
    "shift": (_DURATION,),
    "alert": (),
    "influxDBOut": (),
}
"""The arguments of each node itself."""


class TickError(Exception):
    """A script that is not of this part of the language."""


@dataclass(frozen=True)
class Argument:
    """What a method is given: a literal, a variable, or ``time(…)`` of one."""

    kind: str
    """``string``, ``number``, ``duration``, ``variable`` or ``time``."""
    text: str
    negative: bool = False


@dataclass(frozen=True)
class Call:
    """A node that follows another (``|``), or a property of one (``.``)."""

    mark: str
    name: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class Script:
    """The variables that a template asks for, and its chains of calls."""

    variables: dict[str, str]
    """Types by name."""
    chains: tuple[tuple[str, tuple[Call, ...]], ...]
    """Each with what it begins at: ``batch``, or a variable."""


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each token but space and comments."""
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            line = 1 + text.count("\n", 0, position)
            raise TickError(f"line {line}: no token begins with {text[position : position + 9]!r}")
        position = match.end()
        if match.lastgroup not in {"comment", "space"}:
            yield str(match.lastgroup), str(match[str(match.lastgroup)])


def parse(text: str) -> Script:
    """Return what a script says; raise where it is wrong."""
    return _Parser([*tokens(text), ("end", "")]).script()


class _Parser:
    def __init__(self, found: list[tuple[str, str]]) -> None:
        self._found = found
        self._at = 0
        self._variables: dict[str, str] = {}
        self._nodes: set[str] = {"batch"}

    def script(self) -> Script:
        chains: list[tuple[str, tuple[Call, ...]]] = []
        while self._peek() != ("end", ""):
            if self._peek() == ("name", "var"):
                self._next()
                name = self._take("name")
                if self._peek() == ("mark", "="):
                    self._next()
                    chains.append(self._chain())
                    self._nodes.add(name)
                else:
                    self._declare(name)
            else:
                chains.append(self._chain())
        return Script(self._variables, tuple(chains))

    def _declare(self, name: str) -> None:
        kind = self._take("name")
        if kind not in TYPES:
            raise TickError(f"{name} has the unknown type {kind}")
        if name in self._variables:
            raise TickError(f"{name} is declared twice")
        self._variables[name] = kind

    def _chain(self) -> tuple[str, tuple[Call, ...]]:
        start, calls, node = self._take("name"), list[Call](), ""
        if start not in self._nodes:
            raise TickError(f"a chain begins at the unknown {start}")
        while self._peek() in {("mark", "|"), ("mark", ".")}:
            mark = self._next()[1]
            call = Call(mark, self._take("name"), self._arguments())
            if mark == "|":
                node = call.name
                self._check(call, NODES.get(node))
            else:
                self._check(call, METHODS.get(node, {}).get(call.name))
            calls.append(call)
        return start, tuple(calls)

    def _arguments(self) -> tuple[Argument, ...]:
        self._take("mark", "(")
        found: list[Argument] = []
        while self._peek() != ("mark", ")"):
            found.append(self._argument())
            if self._peek() == ("mark", ","):
                self._next()
            elif self._peek() != ("mark", ")"):
                raise TickError(f"a comma is missing before {self._peek()[1]!r}")
        self._next()
        return tuple(found)

    def _argument(self) -> Argument:
        negative = self._peek() == ("mark", "-")
        if negative:
            self._next()
        kind, text = self._next()
        if kind == "name" and text == "time":
            (inner,) = self._arguments()
            self._expect(inner, "duration")
            return Argument("time", inner.text)
        if kind == "name":
            if text not in self._variables:
                raise TickError(f"{text} is not declared")
            return Argument("variable", text, negative)
        if kind not in {"string", "number", "duration"}:
            raise TickError(f"no argument begins with {text!r}")
        return Argument(kind, text, negative)

    def _check(self, call: Call, expected: tuple[str, ...] | None) -> None:
        if expected is None:
            raise TickError(f"there is no {call.mark}{call.name} here")
        if expected == (_GROUPS,):
            return
        if len(call.arguments) != len(expected):
            raise TickError(f"{call.name} takes {len(expected)} arguments")
        for argument, kind in zip(call.arguments, expected, strict=True):
            self._expect(argument, kind)

    def _expect(self, argument: Argument, kind: str) -> None:
        variable = argument.kind == "variable"
        given = self._variables[argument.text] if variable else argument.kind
        if given != kind:
            raise TickError(f"{argument.text} is a {given}, not a {kind}")

    def _peek(self) -> tuple[str, str]:
        return self._found[self._at]

    def _next(self) -> tuple[str, str]:
        self._at += 1
        return self._found[self._at - 1]

    def _take(self, kind: str, text: str | None = None) -> str:
        found = self._next()
        if found[0] != kind or (text is not None and found[1] != text):
            raise TickError(f"{found[1]!r} stands where a {text or kind} should")
        return found[1]
