"""Running a Pulumi program in this process."""

import asyncio
import os
import runpy
import sys
import traceback
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import grpc
import pulumi
from pulumi.runtime import stack


@dataclass(frozen=True)
class Program:
    """A Pulumi program: the folder to run it in and its entry point, a file or a package folder."""

    working_directory: Path
    entry_point: Path

    def execute(self) -> None:
        """Run the program's code as ``python ENTRY_POINT`` would."""
        os.chdir(self.working_directory)
        sys.argv = [str(self.entry_point)]
        folder = self.entry_point if self.entry_point.is_dir() else self.entry_point.parent
        if sys.path[0] != str(folder):
            sys.path.insert(0, str(folder))
        file = self.entry_point / "__main__.py" if self.entry_point.is_dir() else self.entry_point
        runpy.run_path(str(file), run_name="__main__")


def run(program: Program, parallel: int) -> bool:
    """Run a program with all the work that it starts in the background; tell whether it succeeded.

    What went wrong has been shown when this returns.
    """
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=max(parallel, 1) * 4))
    loop.set_exception_handler(_stop_when_engine_is_gone)
    try:
        return _complete(loop, stack.run_in_stack(program.execute), program)
    finally:
        _cancel_leftovers(loop)
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()


def _complete(
    loop: asyncio.AbstractEventLoop, work: Coroutine[None, None, None], program: Program
) -> bool:
    try:
        loop.run_until_complete(work)
    except pulumi.RunError as error:  # the program's own way to say no: its words are enough
        pulumi.log.error(str(error))
    except grpc.RpcError as error:
        if error.code() == grpc.StatusCode.UNAVAILABLE:  # the engine has shut down and said why
            return False
        pulumi.log.error(f"RPC error: {error.details()}")
    except SystemExit as error:
        if error.code in {None, 0}:
            return True
        pulumi.log.error(f"Program exited with {error.code}")
    except BaseException as error:  # noqa: BLE001  # whatever a program raises is shown to its author
        report = "".join(_program_traceback(error, program))
        pulumi.log.error(f"Program failed with an unhandled exception:\n{report}")
    else:
        return True
    return False


def _program_traceback(error: BaseException, program: Program) -> list[str]:
    """Return the traceback from the program's first line on, without the frames that led there."""
    summary = traceback.TracebackException.from_exception(error)
    home = str(program.entry_point)
    for index, frame in enumerate(summary.stack):
        if frame.filename.startswith(home):
            del summary.stack[:index]
            break
    return list(summary.format())


def _stop_when_engine_is_gone(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    if isinstance(context.get("exception"), grpc.RpcError):
        loop.stop()
    else:
        loop.default_exception_handler(context)


def _cancel_leftovers(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what a failed program left running, or asyncio complains when the loop closes."""
    for task in asyncio.all_tasks(loop):
        task.cancel()
        with suppress(asyncio.CancelledError, RuntimeError, Exception):
            loop.run_until_complete(task)
