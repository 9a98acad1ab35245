"""A backend of its own for each test."""

from pathlib import Path

import pytest

from tests.support.kept_state import KeptState
from tests.support.tls_store import KEYS, TlsStore


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
