"""The program that fills tiers, started as its pod starts it, on a real InfluxDB."""

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from efd_infra.config.timeseries import TimeseriesSection
from efd_infra.manifests.downsampling import downsampling_settings
from tests.support.aggregates import NANO, Point, Value, Windows, held
from tests.support.influx_server import InfluxServer

PROGRAM = Path(__file__).parents[2] / "efd_infra" / "artifacts" / "influxdb" / "downsample.py"
USER = "downsampler"


@dataclass(frozen=True)
class Downsampler:
    """The program with its settings in a folder of its own."""

    server: InfluxServer
    section: TimeseriesSection
    folder: Path

    def start(self, **settings: Any) -> "subprocess.Popen[str]":
        """Start it, with some settings other than the site's."""
        login = self.folder / "login"
        login.mkdir(exist_ok=True)
        (login / "username").write_text(USER)
        (login / "password").write_text(self.server.password(USER))
        ours = json.loads(downsampling_settings(self.section, "telegraf")) | settings
        (self.folder / "settings.json").write_text(json.dumps(ours))
        return subprocess.Popen(  # noqa: S603 -- the program under test
            [sys.executable, PROGRAM],
            env={
                "PATH": os.environ["PATH"],
                "INFLUXDB_URL": self.server.url,
                "LOGIN_DIR": str(login),
                "SETTINGS": str(self.folder / "settings.json"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, **settings: Any) -> tuple[int, str]:
        """Run it to its end; its exit code and what it said."""
        process = self.start(**settings)
        said, _ = process.communicate(timeout=300)
        return process.returncode, said


@dataclass
class Stage:
    """A server and what was written to it."""

    server: InfluxServer
    section: TimeseriesSection
    folder: Path

    @property
    def downsampler(self) -> Downsampler:
        """Return the program with a folder of its own."""
        return Downsampler(self.server, self.section, self.folder)

    def write(self, measurement: str, points: Sequence[Point], tags: str = "") -> None:
        """Write points to the default policy."""
        self.server.write([f"{measurement}{tags} {_fields(fields)} {at}" for at, fields in points])

    def tier(self, policy: str, measurement: str) -> Windows:
        """Read a tier."""
        return held(self.server.influx(policy=policy), measurement)

    def until(self, policy: str) -> int:
        """Return how far a tier says that it is."""
        influx = self.server.influx("telegraf")
        where = f"WHERE \"policy\" = '{policy}'"
        (series,) = influx.query(f"SELECT last(until) FROM downsampling {where}")  # noqa: S608
        return int(series.rows[0][1])


def _fields(fields: Mapping[str, Value]) -> str:
    return ",".join(f"{name}={_value(value)}" for name, value in fields.items())


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value}i"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def history(begin: int, seconds: int, step: float) -> list[Point]:
    """Return a telemetry topic with every kind of field, and a gap of two minutes."""
    points: list[Point] = []
    for n in range(int(seconds / step)):
        if 600 <= n * step < 720:
            continue
        fields: dict[str, Value] = {
            "temperature": math.sin(n / 7) * 20,
            "counts": n * n % 1009,
            "positions0": n / 3,
            "positions1": -n / 9,
            "state": "ready",
            "enabled": n % 2 == 0,
        }
        points.append((begin * NANO + round(n * step * 1000) * 10**6, fields))
    return points


def begin_of_history() -> int:
    """Three hours and some before the lateness, not at the beginning of a window."""
    return int(time.time()) - 3600 - 3 * 3600 - 1234
