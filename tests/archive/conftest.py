"""A site with a bucket of its own for each test."""

from pathlib import Path

import pytest

from tests.support.archive_site import Archive
from tests.support.tls_store import KEYS, TlsStore


@pytest.fixture
def archive(
    store: TlsStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Archive:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    made = Archive(store, tmp_path, f"a{abs(hash(str(tmp_path)))}", "us-west-2", capsys)
    made.write_region(made.region)
    return made
