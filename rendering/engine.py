"""The program under a recording monitor: what it would tell the engine, without an engine.

A program runs to its end first; only then is read what was recorded. Assertions inside ``apply``
would be skipped in silence when a value never comes.
"""

import asyncio
import json
import runpy
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi

from rendering import wire
from rendering.monitor import PROJECT, STACK_TYPE, RecordingEngine, RecordingMonitor
from rendering.recording import Run
from rendering.registration import Registration
from rendering.resource import Path as ValuePath

ROOT = Path(__file__).parents[1]


def run(program: Callable[[], object], *, preview: bool = False) -> Run:
    """Run ``program``, which registers components, and return what it registered.

    In a preview, generated passwords are unknown, as they are before a first deployment.
    Whatever the program raises, this raises.
    """
    session = _Session("test", preview=preview)
    session.execute(program, {}, [])
    return session.result()


def run_program(
    site: Mapping[str, Any],
    secrets: Mapping[str, str] | None = None,
    *,
    stack: str = "test",
    preview: bool = False,
    root: Path = ROOT,
) -> Run:
    """Run the ``__main__.py`` of ``root`` with ``site`` as ``efd:site``, and ``secrets`` by key.

    What that file imports comes from the path of this process, whichever ``root`` it lies in.
    """
    session = _Session(stack, preview=preview)
    session.execute(lambda: _main(root), *_config(site, secrets or {}))
    return session.result()


def refuse_program(
    config: Mapping[str, str], secret_keys: Sequence[str] = ()
) -> tuple[str, tuple[Registration, ...]]:
    """Run the real ``__main__.py``, which must refuse; return its words and registrations."""
    session = _Session("test", preview=False)
    try:
        session.execute(lambda: _main(ROOT), config, secret_keys)
    except pulumi.RunError as error:
        return str(error), session.result().resources
    raise AssertionError("the program accepted what it had to refuse")


class _Session:
    """One run of a program, which may end in an error."""

    def __init__(self, stack: str, *, preview: bool) -> None:
        self._monitor = RecordingMonitor(stack, preview=preview)
        self._engine = RecordingEngine()

    def execute(
        self, program: Callable[[], object], config: Mapping[str, str], secret_keys: Sequence[str]
    ) -> None:
        """Run ``program`` to its end, as the language host does."""

        def main() -> None:
            program()

        async def deploy() -> None:
            pulumi.runtime.set_all_config(dict(config), list(secret_keys))
            monitor = self._monitor
            settings = pulumi.runtime.Settings(
                project=PROJECT,
                stack=monitor.stack,
                monitor=monitor,
                engine=self._engine,
                dry_run=monitor.preview,
            )
            pulumi.runtime.configure(settings)
            await pulumi.runtime.run_in_stack(main)

        # Pulumi keeps its settings and the root resource in context variables: a thread has its
        # own, and leaves nothing of this run behind. Its stack is short, too, and Pulumi sends
        # the whole of it with every resource: below a test's, a run took a sixth longer.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, deploy()).result()

    def result(self) -> Run:
        """Return what has been recorded."""
        monitor, secrets = self._monitor, set[ValuePath]()
        stack = monitor.make_urn("", STACK_TYPE, f"{PROJECT}-{monitor.stack}")
        outputs = dict(monitor.outputs)
        return Run(
            resources=tuple(monitor.registrations),
            outputs=wire.plain(outputs.pop(stack, {}), secrets),
            secret_outputs=frozenset(secrets),
            component_outputs={urn: wire.shown(output) for urn, output in outputs.items()},
            warnings=tuple(self._engine.warnings),
        )


def _main(root: Path) -> None:
    runpy.run_path(str(root / "__main__.py"), run_name="__main__")


def _config(
    site: Mapping[str, Any], secrets: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    secret = {f"{PROJECT}:{key}": value for key, value in secrets.items()}
    return {f"{PROJECT}:site": json.dumps(site), **secret}, list(secret)
