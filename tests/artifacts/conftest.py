"""What several tests of artifacts start."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import telegraf_companion
from tests.support.telegraf_companion import Companion, Registry


@pytest.fixture
def registry() -> Iterator[Registry]:
    """A registry, as far as Telegraf asks."""
    with telegraf_companion.registry() as running:
        yield running


@pytest.fixture
def companion(tmp_path: Path, registry: Registry) -> Iterator[Companion]:
    """Telegraf's companion, which asks that registry."""
    with telegraf_companion.companion(tmp_path, registry) as running:
        yield running
