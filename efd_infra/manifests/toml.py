"""TOML, as InfluxData's servers read it."""

from collections.abc import Mapping
from typing import Any

import tomlkit

from efd_infra.config.values import Duration


def toml(settings: Mapping[str, Any]) -> str:
    """Return ``settings`` as TOML with sorted keys.

    Integers stay integers: InfluxDB's parser refuses ``0.0`` where it wants ``0``
    (lsst-sqre/phalanx@65c08fcee). A list of tables becomes ``[[name]]``, the only form that
    Telegraf and Kapacitor take.
    """
    return tomlkit.dumps(settings, sort_keys=True)


def go_duration(duration: Duration) -> str:
    """Return ``duration`` as Go's parser takes it, which knows neither days nor weeks."""
    milliseconds = duration.milliseconds
    return f"{milliseconds}ms" if milliseconds % 1000 else f"{milliseconds // 1000}s"
