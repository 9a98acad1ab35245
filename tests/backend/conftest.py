"""A store for all tests, and a backend of its own there for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.kept_state import KeptState
from tests.support.tls_store import KEYS, TlsStore, tls_store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsStore]:
    with tls_store(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture
def kept(
    store: TlsStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> KeptState:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return KeptState(store, f"b{abs(hash(str(tmp_path)))}", capsys)
