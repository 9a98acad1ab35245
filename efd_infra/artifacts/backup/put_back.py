"""Put back what the services beside InfluxDB had.

First everything is looked at, before anything is touched. What is there already, and the same, is
left alone, so that a restore that was ended is just started again.

CHRONOGRAF_DOOR, KAPACITOR_DOOR  hosts and ports of doors
CONNECT_URL
and what ``brokers`` and ``door_of`` read
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from . import brokers
from .bolt import check
from .copies import Copy
from .destination import DamagedError, Destination, get
from .door import REPLACE, TAKEN, door_of, exactly, knock
from .services import REGISTRIES, ask, connectors

Environ = Mapping[str, str]


@dataclass
class Plan:
    """What putting one thing back would do."""

    refused: list[str] = field(default_factory=list)
    """Why it cannot be done."""
    overwrites: list[str] = field(default_factory=list)
    """What only somebody who says so may do."""
    says: list[str] = field(default_factory=list)
    carry_out: Callable[[], None] = lambda: None


def topics(environ: Environ, saved: bytes) -> Plan:
    """Make those that are gone, empty; others keep what they have."""
    there = brokers.topics(environ)
    # Kafka makes its own.
    wanted = {n: topic for n, topic in json.loads(saved).items() if not n.startswith("__")}
    gone = {name: topic for name, topic in wanted.items() if name not in there}
    differ = [
        f"{name} stays as it is: {json.dumps(there[name])}, and was {json.dumps(topic)}"
        for name, topic in wanted.items()
        if name in there and there[name] != topic
    ]
    says = [*differ, f"{len(gone)} of {len(wanted)} are made"]
    return Plan(says=says, carry_out=lambda: brokers.make(environ, gone))


def _registry(what: str) -> "Kind":
    """Return what plans for a registry, whose topic a variable names."""
    variable = REGISTRIES[what]
    return Kind(variable, lambda environ, saved: schemas(environ, environ[variable], saved))


def schemas(environ: Environ, topic: str, saved: bytes) -> Plan:
    """Write what a registry's storage, a topic, lacks.

    An id is never given twice, whatever is asked for: records name schemas by it.
    """
    there = {record["key"]: record for record in brokers.schemas(environ, topic)}
    wanted: list[brokers.Record] = json.loads(saved)
    lacking = [record for record in wanted if there.get(record["key"]) != record]
    other = [record["key"] for record in lacking if record["key"] in there]
    ids = _ids(there.values())
    clash = [
        f"id {number} is another schema now, of {', '.join(sorted(ids[number].values()))}"
        for number, texts in _ids(lacking).items()
        if number in ids and not texts.keys() & ids[number].keys()
    ]
    return Plan(
        refused=clash,
        overwrites=[f"{key} is another one now" for key in other],
        says=[f"{len(lacking)} of {len(wanted)} records of the registry's storage are written"],
        carry_out=lambda: brokers.append(environ, topic, lacking),
    )


def _ids(records: Any) -> dict[int, dict[str, str]]:
    """Return, by id, each schema that has it, with a subject; of Confluent's records."""
    found: dict[int, dict[str, str]] = {}
    for record in records:
        try:
            value = json.loads(record["value"])
            found.setdefault(value["id"], {})[value["schema"]] = value["subject"]
        except (ValueError, LookupError, TypeError):
            continue
    return found


def connect(environ: Environ, saved: bytes) -> Plan:
    """Make connectors that are gone; others have a manager, or somebody, who changed them."""
    url = environ["CONNECT_URL"]
    there = {name: said["info"]["config"] for name, said in connectors(url).items()}
    wanted = {name: said["info"]["config"] for name, said in json.loads(saved).items()}
    gone = {name: config for name, config in wanted.items() if name not in there}

    def carry_out() -> None:
        for name, config in gone.items():
            ask(f"{url}/connectors/{quote(name, safe='')}/config", config)

    differ = [n for n, config in wanted.items() if n in there and there[n] != config]
    says = [*(f"{n} stays as it is" for n in differ), f"{len(gone)} of {len(wanted)} are made"]
    return Plan(says=says, carry_out=carry_out)


def _file(door: str) -> Callable[[Environ, bytes], Plan]:
    """Return what plans for a server whose file is behind a door."""

    def plan(environ: Environ, saved: bytes) -> Plan:
        check(saved)

        def carry_out() -> None:
            address, key = door_of(environ, door)
            with knock(address, key, REPLACE) as connection:
                connection.sendall(len(saved).to_bytes(8, "big") + saved)
                if exactly(connection, len(TAKEN)) != TAKEN:
                    raise OSError("the door did not take it")

        return Plan(
            overwrites=["it has a file of its own, and can have only one"],
            says=["the file is used from the next start on"],
            carry_out=carry_out,
        )

    return plan


@dataclass(frozen=True)
class Kind:
    """What can be put back, and the variable that says whether the site has it."""

    variable: str
    plan: Callable[[Environ, bytes], Plan]


KINDS = {
    "topics": Kind("BOOTSTRAP", topics),
    **{what: _registry(what) for what in REGISTRIES},
    "connectors": Kind("CONNECT_URL", connect),
    "kapacitor": Kind("KAPACITOR_DOOR", _file("KAPACITOR_DOOR")),
    "chronograf": Kind("CHRONOGRAF_DOOR", _file("CHRONOGRAF_DOOR")),
}
"""In the order in which they need each other."""


def plans(
    where: Destination, copy: Copy, wanted: Sequence[str], environ: Environ
) -> Iterator[tuple[str, Plan]]:
    """Yield what would be done for each that is ``wanted``; nothing is touched."""
    stored = {item["what"]: item for item in copy.state}
    for what in (each for each in KINDS if each in wanted):
        if what not in stored:
            raise DamagedError(f"copy {copy.name} has no {what}; it has {', '.join(stored)}")
        if KINDS[what].variable not in environ:
            raise DamagedError(f"the site has no {what}")
        saved = get(where, stored[what]["file"], stored[what]["sha256"])
        yield what, KINDS[what].plan(environ, saved)
