"""Plugins that are written in Python themselves: policy packs."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import IO

from pulumi.runtime.proto import language_pb2

Response = language_pb2.RunPluginResponse


def run_policy_pack(request: language_pb2.RunPluginRequest) -> subprocess.Popen[bytes]:
    """Start a policy pack. Its first line of output is the port that it serves."""
    engine = request.args[-1]
    pack = request.info.program_directory
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", engine, pack],
        cwd=request.pwd or None,
        env=dict(entry.split("=", 1) for entry in request.env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def stream(process: subprocess.Popen[bytes]) -> Iterator[Response]:
    """Yield the output of a plugin as it comes, and at the end its exit code."""
    messages: SimpleQueue[Response | None] = SimpleQueue()

    def forward(pipe: IO[bytes], name: str) -> None:
        while chunk := pipe.read1(65536):  # type: ignore[attr-defined]  # a pipe is buffered
            messages.put(Response(**{name: chunk}))
        messages.put(None)

    for pipe, name in ((process.stdout, "stdout"), (process.stderr, "stderr")):
        threading.Thread(target=forward, args=(pipe, name), daemon=True).start()
    open_pipes = 2
    while open_pipes:
        message = messages.get()
        if message is None:
            open_pipes -= 1
        else:
            yield message
    yield Response(exitcode=process.wait())
