"""Secrets that come from outside, here into an API server that is not there."""

import threading
from pathlib import Path
from typing import Any

import pytest

from devkit.api import Api
from devkit.errors import DevkitError
from devkit.node import vault
from devkit.node.vault import OutsideSecret, Vault
from devkit.patience import wait_until

CERTIFICATE = OutsideSecret("cp-helm-charts", "tls-certs", {"tls.crt": "text"})
LOGIN = OutsideSecret("mirror-maker", "summit-mirror", {"password": "word"})


class Answers(Api):
    """Holds what an API server would."""

    def __init__(self) -> None:
        self.namespaces: set[str] = set()
        self.made: list[dict[str, Any]] = []
        self.looks = threading.Event()
        self.is_away = False

    def get(self, path: str) -> dict[str, Any] | None:
        """Answer for a namespace."""
        self.looks.set()
        if self.is_away:
            raise DevkitError("no answer")
        return {} if Path(path).name in self.namespaces else None

    def create(self, wanted: dict[str, Any]) -> bool:
        """Note what is made."""
        self.made.append(wanted)
        return True


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Answers:
    monkeypatch.setattr(vault, "INTERVAL", 0.005)
    return Answers()


def names(api: Answers) -> list[str]:
    return [each["metadata"]["name"] for each in api.made]


def test_a_secret_is_filled_in_when_its_namespace_is_there(api: Answers) -> None:
    with Vault(api, [CERTIFICATE, LOGIN]):
        assert api.looks.wait(5)
        assert api.made == []
        api.namespaces.add("cp-helm-charts")
        assert wait_until(lambda: names(api) == ["tls-certs"], 5)
        api.namespaces.add("mirror-maker")
        assert wait_until(lambda: names(api) == ["tls-certs", "summit-mirror"], 5)
    (first, _) = api.made
    assert first["metadata"]["namespace"] == "cp-helm-charts"
    assert first["stringData"] == {"tls.crt": "text"}


def test_an_api_server_that_is_away_is_asked_again(api: Answers) -> None:
    api.is_away = True
    api.namespaces.add("cp-helm-charts")
    with Vault(api, [CERTIFICATE]):
        assert api.looks.wait(5)
        api.is_away = False
        assert wait_until(lambda: names(api) == ["tls-certs"], 5)


def test_it_ends_although_a_namespace_never_came(api: Answers) -> None:
    with Vault(api, [LOGIN]):
        pass
    assert api.made == []


def test_a_namespace_that_came_last_is_still_seen(
    api: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "INTERVAL", 60)
    with Vault(api, [LOGIN]):
        api.namespaces.add("mirror-maker")
    assert names(api) == ["summit-mirror"]


def test_what_fails_inside_is_not_hidden(api: Answers) -> None:
    with pytest.raises(DevkitError, match="of the body"), Vault(api, [LOGIN]):
        raise DevkitError("of the body")
