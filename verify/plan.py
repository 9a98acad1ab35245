"""What a site's stack says should be there: its outputs."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.finding import UnaskedError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class User:
    """Who logs in at the brokers."""

    name: str
    password: str = field(repr=False)
    mechanism: str


@dataclass(frozen=True)
class Plan:
    """The addresses of a site, and who may ask there."""

    bootstrap: str | None
    """`host:port`; None where no broker is reachable from outside."""
    brokers: tuple[str, ...]
    """What each broker must tell its clients, `host:port`, by its number."""
    users: tuple[User, ...]
    pages: Mapping[str, str]
    """URLs by the name of their output."""

    @classmethod
    def of(cls, outputs: Mapping[str, Any]) -> "Plan":
        """Take it from a stack's outputs."""
        users = outputs.get("kafkaUsers") or {}
        return cls(
            bootstrap=outputs.get("kafkaExternalBootstrap"),
            brokers=tuple(outputs.get("kafkaExternalBrokers") or ()),
            users=tuple(
                User(each["username"], each["password"], each["mechanism"])
                for each in users.values()
            ),
            pages={
                name: url
                for name, url in sorted(outputs.items())
                if name.endswith("Url") and str(url).startswith("https://")
            },
        )

    def user(self, name: str | None) -> User | None:
        """Return the user of a name, or the first: every one of them may see the brokers."""
        if name is None:
            return self.users[0] if self.users else None
        for user in self.users:
            if user.name == name:
                return user
        known = ", ".join(user.name for user in self.users) or "none"
        raise UnaskedError(f"there is no user {name!r}; there are: {known}")


def read_outputs(site: str, file: Path | None) -> dict[str, Any]:
    """Return the outputs of a site's stack, from Pulumi or from a file that it has written."""
    if file:
        if not file.is_file():
            raise UnaskedError(f"there is no file of outputs {file}")
        return _parse(file.read_text(encoding="utf-8"), str(file))
    command = ["pulumi", "stack", "output", "--json", "--show-secrets", "--stack", site]
    try:
        done = subprocess.run(  # noqa: S603 -- the user's own
            [*command, "--non-interactive", "--color=never"],
            cwd=PROJECT,
            check=False,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise UnaskedError(f"there is no pulumi on the path; {_hint(site)}") from None
    if done.returncode:
        raise UnaskedError(f"{done.stderr.strip()}\n{_hint(site)}")
    return _parse(done.stdout, " ".join(command))


def _parse(text: str, source: str) -> dict[str, Any]:
    try:
        outputs = json.loads(text)
    except ValueError:
        raise UnaskedError(f"{source} gives no JSON") from None
    if not isinstance(outputs, dict) or "kafkaBootstrap" not in outputs:
        raise UnaskedError(f"{source} gives no outputs of a site: is it deployed?")
    return outputs


def _hint(site: str) -> str:
    return f'an embedded site is found after: eval "$(make -s env SITE={site})"'
