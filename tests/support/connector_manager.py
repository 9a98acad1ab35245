"""The program that keeps a connector as it should be, started as its pod starts it."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.support.loopback import free_port

PROGRAMS = Path(__file__).parents[2] / "efd_infra" / "artifacts" / "connect"


def program() -> ModuleType:
    """Return the program as a module, for what it only calculates."""
    spec = importlib.util.spec_from_file_location("manage", PROGRAMS / "manage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Manager:
    """A running manager, whose generator is a file that says what it would say."""

    folder: Path
    port: int

    def wants(self, config: Mapping[str, Any] | None) -> None:
        """Let the generator print this configuration, or find no topic."""
        said = "Found 0 topics.\n" if config is None else f"Found.\n{json.dumps(config, indent=4)}"
        new = self.folder / "generated.new"
        new.write_text(f"Discoverying Kafka topics...\n{said}\n", encoding="utf-8")
        new.replace(self.folder / "generated")

    def ask(self, path: str) -> tuple[int, str]:
        """Return status and body; 0 while nothing answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except URLError:
            return 0, ""

    def metric(self, name: str, **labels: str) -> float:
        """Return one value."""
        wanted = "".join(f',{key}="{value}"' for key, value in labels.items())
        for line in self.ask("/metrics")[1].splitlines():
            head, _, value = line.rpartition(" ")
            metric, _, tail = head.partition("{")
            if metric == f"efd_connector_{name}" and tail.endswith(f'"{wanted}}}'):
                return float(value)
        return -1

    @property
    def is_ready(self) -> bool:
        """Whether the connector is as it should be."""
        return self.ask("/ready")[0] == 200

    @property
    def said(self) -> list[str]:
        """Its events."""
        return (self.folder / "events").read_text(encoding="utf-8").splitlines()


@contextmanager
def manager(
    folder: Path, url: str, name: str, additions: str = "{}", *, limit: int = 2**20
) -> Iterator[Manager]:
    """Keep a manager running; looks are a fifth of a second apart, restarts one second at least."""
    (folder / "additions.json").write_text(additions, encoding="utf-8")
    here = Manager(folder, free_port())
    here.wants(None)
    with (folder / "events").open("wb") as events:
        process = subprocess.Popen(  # noqa: S603 -- the artifact under test
            [sys.executable, "-W", "error", str(PROGRAMS / "manage.py")],
            env={
                "PATH": os.environ["PATH"],
                "ADDITIONS": str(folder / "additions.json"),
                "GENERATOR": f"cat {folder / 'generated'}",
                "KAFKA_CONNECT_CHECK_INTERVAL": "200",
                "KAFKA_CONNECT_NAME": name,
                "KAFKA_CONNECT_URL": url,
                "MAX_RECORD": str(limit),
                "PORT": str(here.port),
                "SHORTEST_PAUSE": "1",
            },
            stdout=events,
            stderr=subprocess.STDOUT,
        )
    try:
        yield here
        assert process.poll() is None, here.said
    finally:
        process.terminate()
        process.wait(timeout=10)
