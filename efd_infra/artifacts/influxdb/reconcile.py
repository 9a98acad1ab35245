"""Bring InfluxDB's databases, retention policies, users and grants to what the site says.

What the server has is read and compared first, and only the differences are changed and said, so
that this can run at any time. Nothing that holds points is dropped. A shorter retention drops
points too, half an hour later at most; it is refused before anything is changed, unless the site
says beside it what the server has. A policy without points may become shorter without a word.

What the site does not name stays, and is said; users that this program makes for services are an
exception, because nobody else has their passwords: without their service they are removed.
"""

# ruff: noqa: INP001, T201, S310 -- a program by itself: it prints its events, and asks our server

import base64
import hashlib
import hmac
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

URL = os.environ["INFLUXDB_URL"]
SETTINGS = Path(os.environ["SETTINGS"])
"""Databases and users, as ``efd_infra/manifests/influxdb_setup.py`` writes them."""
USERS_DIR = Path(os.environ["USERS_DIR"])
"""Holds ``<user>/password``."""
SIGNING_KEY = Path(os.environ["SIGNING_KEY"])
"""The key that InfluxDB signs tokens with."""

REFUSED = 3
"""Exit code that another attempt would not change."""
ANSWER = 120
"""Seconds that the server may take to answer."""
UNAUTHORIZED, FORBIDDEN = 401, 403
SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}

Row = dict[str, Any]


class NoAnswerError(Exception):
    """The server does not answer, or not as it should."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Policy:
    """How long points are kept, in seconds; 0 means for ever."""

    keep: int
    shard: int
    default: bool

    @property
    def options(self) -> str:
        """How InfluxQL says it."""
        keep = f"{self.keep}s" if self.keep else "INF"
        return f"DURATION {keep} REPLICATION 1 SHARD DURATION {self.shard}s"

    def __str__(self) -> str:
        """Return what a site file would say."""
        return f"{length(self.keep)} in shards of {length(self.shard)}"


@dataclass
class State:
    """What the server has."""

    databases: dict[str, dict[str, Policy]] = field(default_factory=dict)
    oldest: dict[tuple[str, str], str] = field(default_factory=dict)
    """When the first shard of each policy that has any begins."""
    users: dict[str, bool] = field(default_factory=dict)
    """By name, whether it is an administrator."""
    grants: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One statement, what is said of it, and what must not be said."""

    statement: str
    said: str
    secret: str = ""


def seconds(text: str) -> int:
    """Return the length of InfluxDB's ``720h0m0s``; ``0s`` means for ever."""
    return sum(int(count) * SECONDS[unit] for count, unit in re.findall(r"(\d+)([dhms])", text))


def length(number: int) -> str:
    """Return a length as a site file has it."""
    if not number:
        return "forever"
    unit = next(unit for unit, size in SECONDS.items() if number % size == 0)
    return f"{number // SECONDS[unit]}{unit}"


def name(text: str) -> str:
    """Return a name as InfluxQL takes it, whatever is in it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def token(user: str) -> str:
    """Return what lets the bearer be ``user`` for ten minutes, whatever his password is."""
    claims = {"username": user, "exp": int(time.time()) + 600}
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    signed = ".".join(_base64(json.dumps(part).encode()) for part in parts)
    signature = hmac.new(SIGNING_KEY.read_bytes(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64(signature)}"


def _base64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def post(statement: str, authorization: str) -> list[Row]:
    """Send statements, and return a result for each."""
    body = urlencode({"q": statement}).encode()
    request = Request(f"{URL}/query", body, {"Authorization": authorization})
    try:
        with urlopen(request, timeout=ANSWER) as answer:
            results: list[Row] = json.load(answer)["results"]
    except HTTPError as error:
        raise NoAnswerError(error.read().decode().strip(), error.code) from error
    except (OSError, HTTPException, ValueError, LookupError) as error:
        raise NoAnswerError(str(error)) from error
    for result in results:
        if "error" in result:
            raise NoAnswerError(result["error"])
    return results


class Server:
    """InfluxDB, as its administrator sees it."""

    def __init__(self, administrator: str) -> None:
        self.authorization = f"Bearer {token(administrator)}"

    def ask(self, *statements: str) -> list[list[Row]]:
        """Return the rows of each answer; none without a question."""
        results = post(";".join(statements), self.authorization) if statements else []
        return [
            [
                dict(zip(series["columns"], values, strict=True))
                for series in result.get("series", [])
                for values in series.get("values", [])
            ]
            for result in results
        ]

    def make(self, change: Change) -> None:
        """Change something, and say so."""
        try:
            self.ask(change.statement)
        except NoAnswerError as error:
            # InfluxDB repeats what it cannot read.
            hidden = str(error).replace(change.secret, "...") if change.secret else str(error)
            raise NoAnswerError(f"{change.said}: {hidden}", error.status) from None
        print(change.said, flush=True)

    def state(self) -> State:
        """Return what there is."""
        databases, shards, users = self.ask("SHOW DATABASES", "SHOW SHARDS", "SHOW USERS")
        have = State(users={row["user"]: row["admin"] for row in users})
        names = [row["name"] for row in databases if row["name"] != "_internal"]
        answers = self.ask(
            *(f"SHOW RETENTION POLICIES ON {name(database)}" for database in names),
            *(f"SHOW GRANTS FOR {name(user)}" for user in have.users),
        )
        for database, rows in zip(names, answers, strict=False):
            have.databases[database] = {
                row["name"]: Policy(
                    seconds(row["duration"]), seconds(row["shardGroupDuration"]), row["default"]
                )
                for row in rows
            }
        for user, rows in zip(have.users, answers[len(names) :], strict=True):
            have.grants[user] = {
                row["database"]: row["privilege"].removesuffix(" PRIVILEGES")
                for row in rows
                if row["privilege"] != "NO PRIVILEGES"
            }
        for row in shards:
            place = row["database"], row["retention_policy"]
            have.oldest[place] = min(have.oldest.get(place, "9"), row["start_time"])
        return have


def refusals(wanted: Row, have: State) -> Iterator[str]:
    """Yield what would drop points that nobody has said may go."""
    for database in wanted["databases"]:
        for policy in database["policies"]:
            there = have.databases.get(database["name"], {}).get(policy["name"])
            since = have.oldest.get((database["name"], policy["name"]))
            keep, named = policy["keep"], policy["shortenedFrom"]
            if not there or not since or not keep or 0 < there.keep <= keep:
                continue
            if named != there.keep:
                instead = "" if named is None else f", not {length(named)}"
                yield (
                    f"{database['name']}.{policy['name']} keeps {length(there.keep)}{instead}, and "
                    f"has points since {since}; to keep {length(keep)} only drops the older ones. "
                    f"If that is meant, write shortenedFrom: {length(there.keep)} beside "
                    f"keep: {length(keep)}"
                )


def changes(wanted: Row, have: State) -> Iterator[Change]:
    """Yield the differences: first what ends a right, at last what gives one."""
    users = {user["name"]: user for user in wanted["users"]}
    yield from _ended(users, have, wanted["services"])
    for database in wanted["databases"]:
        yield from _policies(database, have)
    for user in users.values():
        yield from _user(user, have)
    for user in users.values():
        yield from _granted(user, have)


def _ended(users: dict[str, Row], have: State, services: Sequence[str]) -> Iterator[Change]:
    for user, is_administrator in have.users.items():
        here = name(user)
        if user in services and user not in users:
            yield Change(f"DROP USER {here}", f"remove user {user}, whose service is gone")
        if user not in users or users[user]["admin"]:
            continue
        if is_administrator:
            yield Change(f"REVOKE ALL PRIVILEGES FROM {here}", f"make {user} no administrator")
        for database, privilege in have.grants[user].items():
            if database not in users[user]["grants"]:
                yield Change(
                    f"REVOKE ALL PRIVILEGES ON {name(database)} FROM {here}",
                    f"revoke {privilege} on {database} from {user}",
                )


def _policies(database: Row, have: State) -> Iterator[Change]:
    place, there = database["name"], have.databases.get(database["name"])
    for number, policy in enumerate(database["policies"]):
        new = Policy(policy["keep"], policy["shard"], default=number == 0)
        here = f"{place}.{policy['name']}"
        if there is None and new.default:
            # In one statement, so that no attempt leaves one behind that keeps for ever.
            yield Change(
                f"CREATE DATABASE {name(place)} WITH {new.options} NAME {name(policy['name'])}",
                f"make database {place}, which keeps {new}",
            )
            continue
        old = (there or {}).get(policy["name"])
        default = " DEFAULT" if new.default else ""
        options = f"{name(policy['name'])} ON {name(place)} {new.options}{default}"
        if old is None:
            yield Change(f"CREATE RETENTION POLICY {options}", f"make {here}, which keeps {new}")
        elif str(old) != str(new):
            yield Change(f"ALTER RETENTION POLICY {options}", f"let {here} keep {new}, not {old}")
        elif new.default and not old.default:
            yield Change(f"ALTER RETENTION POLICY {options}", f"make {here} the default")


def _user(user: Row, have: State) -> Iterator[Change]:
    who = user["name"]
    password = (USERS_DIR / who / "password").read_text(encoding="utf-8")
    if not password:
        raise NoAnswerError(f"{who} has no password")
    quoted = re.sub(r"([\\'])", r"\\\1", password)
    role = " WITH ALL PRIVILEGES" if user["admin"] else ""
    if who not in have.users:
        yield Change(
            f"CREATE USER {name(who)} WITH PASSWORD '{quoted}'{role}", f"make user {who}", quoted
        )
    elif not is_password(who, password):
        yield Change(
            f"SET PASSWORD FOR {name(who)} = '{quoted}'", f"set the password of {who}", quoted
        )


def is_password(user: str, password: str) -> bool:
    """Ask whether a user can log in with a password."""
    credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
    try:
        post("SHOW DATABASES", f"Basic {credentials}")
    except NoAnswerError as error:
        if error.status == UNAUTHORIZED:
            return False
        raise
    return True


def _granted(user: Row, have: State) -> Iterator[Change]:
    who = user["name"]
    if user["admin"] and have.users.get(who) is False:
        yield Change(f"GRANT ALL PRIVILEGES TO {name(who)}", f"make {who} an administrator")
    for database, privilege in user["grants"].items():
        if have.grants.get(who, {}).get(database) != privilege:
            yield Change(
                f"GRANT {privilege} ON {name(database)} TO {name(who)}",
                f"grant {privilege} on {database} to {who}",
            )


def strangers(wanted: Row, have: State) -> Iterator[str]:
    """Yield what the site does not name."""
    policies = {d["name"]: {p["name"] for p in d["policies"]} for d in wanted["databases"]}
    for database, there in have.databases.items():
        if database not in policies:
            yield f"database {database}"
            continue
        for policy in sorted(there.keys() - policies[database]):
            yield f"policy {database}.{policy}, which keeps {length(there[policy].keep)}"
    for user in sorted(have.users.keys() - {user["name"] for user in wanted["users"]}):
        yield f"user {user}{', an administrator' if have.users[user] else ''}"


def is_up() -> bool:
    """Tell whether the server answers."""
    try:
        with urlopen(f"{URL}/ping", timeout=5):
            return True
    except (OSError, HTTPException):
        return False


def first_look(server: Server, administrator: Row) -> State:
    """Return what there is; make the administrator where there is none, who alone may ask."""
    try:
        return server.state()
    except NoAnswerError as error:
        if error.status not in (UNAUTHORIZED, FORBIDDEN):
            raise
    # With no administrator yet, InfluxDB takes this one statement from anybody, and no other.
    for change in _user(administrator, State()):
        server.make(change)
    return server.state()


def main() -> int:
    """Reconcile once."""
    wanted: Row = json.loads(SETTINGS.read_text(encoding="utf-8"))
    print(f"waiting for {URL}", flush=True)
    while not is_up():
        time.sleep(2)
    administrator = next(user for user in wanted["users"] if user["admin"])
    server = Server(administrator["name"])
    have = first_look(server, administrator)
    if refused := list(refusals(wanted, have)):
        for reason in refused:
            print(f"error: {reason}", file=sys.stderr)
        return REFUSED
    planned = list(changes(wanted, have))
    for change in planned:
        server.make(change)
    have = server.state()
    if left := [change.said for change in changes(wanted, have)]:
        raise NoAnswerError(f"the server took it and does not show it: {'; '.join(left)}")
    for stranger in strangers(wanted, have):
        print(f"not of the site, and left alone: {stranger}")
    if not planned:
        print("databases, policies, users and grants were as they should be")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NoAnswerError as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        sys.exit(1)
